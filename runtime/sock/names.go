package sock

import (
	"context"
	"encoding/binary"
	"io"
	"net"
	"net/netip"
	"os"
	"strings"
	"time"

	"golang.org/x/net/dns/dnsmessage"
)

// Go's resolver looks at /etc/hosts every five seconds at most; a host that was
// made since then is asked for by DNS, of which there is none in a lab.

// namesAge is how old the file is when the resolver has certainly seen it.
const namesAge = 6 * time.Second

// FreshNames has package net find the names that were just added to a file of
// the form of /etc/hosts (hosts(5)): while the file is new, what would be asked
// of a name server is answered from it. It is called before the first cell.
func FreshNames(file string) {
	net.DefaultResolver.PreferGo = true
	net.DefaultResolver.Dial = func(ctx context.Context, network, address string) (net.Conn, error) {
		if info, err := os.Stat(file); err != nil || time.Since(info.ModTime()) > namesAge {
			return new(net.Dialer).DialContext(ctx, network, address)
		}
		ours, theirs := net.Pipe()
		go func() { // until the one question is answered, or the resolver closes its end
			defer ours.Close()
			answerNames(ours, file)
		}()
		return theirs, nil
	}
}

// answerNames answers a question as a name server does by TCP (RFC 1035, section
// 4.2.2). If it cannot, the resolver sees the connection end.
func answerNames(conn net.Conn, file string) {
	var size [2]byte
	if _, err := io.ReadFull(conn, size[:]); err != nil {
		return
	}
	question := make([]byte, binary.BigEndian.Uint16(size[:]))
	if _, err := io.ReadFull(conn, question); err != nil {
		return
	}
	answer, err := namesAnswer(question, file)
	if err != nil {
		return
	}
	conn.Write(append(binary.BigEndian.AppendUint16(nil, uint16(len(answer))), answer...))
}

func namesAnswer(question []byte, file string) ([]byte, error) {
	var m dnsmessage.Message
	if err := m.Unpack(question); err != nil {
		return nil, err
	}
	m.Header = dnsmessage.Header{ID: m.ID, Response: true, Authoritative: true, RecursionAvailable: true}
	m.Additionals = nil
	text, err := os.ReadFile(file)
	if err != nil {
		return nil, err
	}
	known := false
	for _, q := range m.Questions {
		for _, addr := range addressesIn(string(text), strings.TrimSuffix(q.Name.String(), ".")) {
			known = true
			head := dnsmessage.ResourceHeader{Name: q.Name, Class: q.Class}
			switch {
			case q.Type == dnsmessage.TypeA && addr.Is4():
				m.Answers = append(m.Answers, dnsmessage.Resource{Header: head, Body: &dnsmessage.AResource{A: addr.As4()}})
			case q.Type == dnsmessage.TypeAAAA && addr.Is6():
				m.Answers = append(m.Answers, dnsmessage.Resource{Header: head, Body: &dnsmessage.AAAAResource{AAAA: addr.As16()}})
			}
		}
	}
	if !known {
		m.RCode = dnsmessage.RCodeNameError
	}
	return m.Pack()
}

// addressesIn are those of a name in a file of the form of /etc/hosts.
func addressesIn(text, name string) (list []netip.Addr) {
	for line := range strings.Lines(text) {
		line, _, _ = strings.Cut(line, "#")
		fields := strings.Fields(line)
		if len(fields) < 2 {
			continue
		}
		addr, err := netip.ParseAddr(fields[0])
		for _, n := range fields[1:] {
			if err == nil && strings.EqualFold(n, name) {
				list = append(list, addr)
			}
		}
	}
	return list
}
