package session

import (
	"runtime"
	"strings"

	"sockbook/kernel/jupyter"
)

// info is what frontends learn of this kernel when they connect.
func (s *Session) info() jupyter.KernelInfoReply {
	goVersion := strings.TrimPrefix(runtime.Version(), "go")
	return jupyter.KernelInfoReply{
		ProtocolVersion:       jupyter.Version,
		Implementation:        "sockbook",
		ImplementationVersion: s.config.Version,
		LanguageInfo: jupyter.LanguageInfo{
			Name: "go", Version: goVersion, MIMEType: "text/x-go", FileExtension: ".go",
			PygmentsLexer: "go", CodeMirrorMode: "go", NBConvertExporter: "script",
		},
		Banner: "Sockbook " + s.config.Version + ": learn UNIX network programming in Go " + goVersion + ".\nCells hold ordinary Go; %help lists the directives.",
		HelpLinks: []jupyter.HelpLink{
			{Text: "A Tour of Go", URL: "https://go.dev/tour/"},
			{Text: "Go's standard library", URL: "https://pkg.go.dev/std"},
			{Text: "Package unix", URL: "https://pkg.go.dev/golang.org/x/sys/unix"},
			{Text: "socket(7)", URL: "https://man7.org/linux/man-pages/man7/socket.7.html"},
			{Text: "tcp(7)", URL: "https://man7.org/linux/man-pages/man7/tcp.7.html"},
			{Text: "RFC 9293: TCP", URL: "https://www.rfc-editor.org/rfc/rfc9293.html"},
		},
	}
}
