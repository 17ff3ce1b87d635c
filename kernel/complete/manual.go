package complete

import (
	"fmt"
	"regexp"
)

// A manual says where the manual pages of Linux explain a name of package
// unix or syscall, and in a sentence what it is: the packages themselves have
// hardly any comments.
type manual struct {
	pages string // as "socket(2), tcp(7)"
	text  string
}

// calls are the functions of packages unix and syscall for sockets and what
// belongs to them.
var calls = map[string]manual{
	"Socket":                    {"socket(2)", "Socket creates an endpoint and returns its descriptor."},
	"Socketpair":                {"socketpair(2), unix(7)", "Socketpair creates two sockets that are connected to each other."},
	"Bind":                      {"bind(2), ip(7)", "Bind gives a socket its local address."},
	"Listen":                    {"listen(2)", "Listen makes a socket passive: the system accepts connections for it and keeps them in a queue. Linux lets one more than backlog wait."},
	"Accept":                    {"accept(2)", "Accept takes a connection from the queue of a listening socket and returns a descriptor for it and the peer's address. It waits if there is none."},
	"Accept4":                   {"accept(2)", "Accept4 is Accept with flags for the new descriptor: SOCK_CLOEXEC, SOCK_NONBLOCK."},
	"Connect":                   {"connect(2), tcp(7)", "Connect gives a socket its peer. With TCP it waits until the connection is established, or refused, or timed out."},
	"Shutdown":                  {"shutdown(2)", "Shutdown ends one direction of a connection, or both: SHUT_WR sends FIN, whoever else holds the socket. The descriptor stays open."},
	"Close":                     {"close(2)", "Close gives the descriptor back. The connection ends when the last descriptor of the socket is closed."},
	"Read":                      {"read(2), recv(2)", "Read reads at most len(p) bytes. From a connection it returns what has arrived; 0 means that the peer sent its FIN."},
	"Write":                     {"write(2), send(2)", "Write hands bytes to the socket's send buffer. That it returns does not mean that the peer has them."},
	"Recvfrom":                  {"recv(2)", "Recvfrom receives into p, at most len(p) bytes, and returns the sender's address."},
	"Recvmsg":                   {"recv(2), cmsg(3)", "Recvmsg receives data and control messages, such as passed descriptors."},
	"RecvmsgBuffers":            {"recv(2), readv(2)", "RecvmsgBuffers is Recvmsg into several buffers."},
	"Sendto":                    {"send(2)", "Sendto sends a message to an address."},
	"Send":                      {"send(2)", "Send sends on a connected socket, with flags."},
	"Sendmsg":                   {"send(2), cmsg(3)", "Sendmsg sends data and control messages, such as descriptors."},
	"SendmsgN":                  {"send(2), cmsg(3)", "SendmsgN is Sendmsg and returns how many bytes were sent."},
	"Getsockname":               {"getsockname(2)", "Getsockname returns a socket's local address: after binding to port 0 it says which port that is."},
	"Getpeername":               {"getpeername(2)", "Getpeername returns the address of a connection's peer."},
	"GetsockoptInt":             {"getsockopt(2), socket(7)", "GetsockoptInt reads an option that is a number. Reading SO_ERROR clears it."},
	"SetsockoptInt":             {"setsockopt(2), socket(7)", "SetsockoptInt sets an option that is a number, or 0 and 1."},
	"SetsockoptLinger":          {"setsockopt(2), socket(7)", "SetsockoptLinger sets SO_LINGER: what close does with data that is not sent yet."},
	"GetsockoptLinger":          {"getsockopt(2), socket(7)", "GetsockoptLinger reads SO_LINGER."},
	"SetsockoptTimeval":         {"setsockopt(2), socket(7)", "SetsockoptTimeval sets an option that is a time: SO_RCVTIMEO, SO_SNDTIMEO."},
	"GetsockoptTCPInfo":         {"tcp(7)", "GetsockoptTCPInfo returns what the system knows of a TCP connection: state, round trip, retransmissions, windows."},
	"SetsockoptString":          {"setsockopt(2)", "SetsockoptString sets an option that is text, such as TCP_CONGESTION or SO_BINDTODEVICE."},
	"SetsockoptIPMreq":          {"ip(7)", "SetsockoptIPMreq joins or leaves a multicast group."},
	"SetNonblock":               {"fcntl(2)", "SetNonblock says whether calls on the descriptor return EAGAIN instead of waiting."},
	"Poll":                      {"poll(2)", "Poll waits until one of several descriptors is ready, or the timeout (in milliseconds, -1 for none) is over."},
	"Ppoll":                     {"poll(2)", "Ppoll is Poll with a time and a signal mask."},
	"Select":                    {"select(2)", "Select waits until one of several descriptors is ready. Poll and epoll have no limit of 1024."},
	"EpollCreate1":              {"epoll_create(2), epoll(7)", "EpollCreate1 creates a set of descriptors to wait for."},
	"EpollCreate":               {"epoll_create(2), epoll(7)", "EpollCreate creates a set of descriptors to wait for; use EpollCreate1."},
	"EpollCtl":                  {"epoll_ctl(2), epoll(7)", "EpollCtl adds a descriptor to an epoll set, changes or removes it."},
	"EpollWait":                 {"epoll_wait(2), epoll(7)", "EpollWait waits until descriptors of the set are ready and returns how many events it wrote."},
	"Pipe":                      {"pipe(2), pipe(7)", "Pipe creates a pipe: p[0] is read from, p[1] is written to."},
	"Pipe2":                     {"pipe(2), pipe(7)", "Pipe2 is Pipe with flags such as O_CLOEXEC."},
	"Dup":                       {"dup(2)", "Dup returns another descriptor of the same open file or socket, the lowest that is free."},
	"Dup2":                      {"dup(2)", "Dup2 makes newfd another descriptor of oldfd."},
	"Dup3":                      {"dup(2)", "Dup3 makes newfd another descriptor of oldfd, with flags."},
	"FcntlInt":                  {"fcntl(2)", "FcntlInt reads or changes the flags of a descriptor."},
	"CloseOnExec":               {"fcntl(2), execve(2)", "CloseOnExec marks a descriptor to be closed when the process executes another program."},
	"Seek":                      {"lseek(2)", "Seek sets the place where the next read or write happens. Sockets and pipes have none: ESPIPE."},
	"Open":                      {"open(2)", "Open opens a file and returns its descriptor."},
	"Fstat":                     {"fstat(2)", "Fstat says what a descriptor is."},
	"Getpid":                    {"getpid(2)", "Getpid returns the number of this process."},
	"Getppid":                   {"getpid(2)", "Getppid returns the number of this process's parent."},
	"Kill":                      {"kill(2), signal(7)", "Kill sends a signal to a process."},
	"Getrlimit":                 {"getrlimit(2)", "Getrlimit reads a limit of this process, such as RLIMIT_NOFILE."},
	"Setrlimit":                 {"getrlimit(2)", "Setrlimit sets a limit of this process, such as RLIMIT_NOFILE."},
	"IoctlGetInt":               {"ioctl(2), tcp(7), udp(7)", "IoctlGetInt asks a device or socket for a number: SIOCINQ and SIOCOUTQ say what is in a socket's queues."},
	"UnixRights":                {"unix(7), cmsg(3)", "UnixRights makes a control message that passes descriptors to another process."},
	"ParseUnixRights":           {"unix(7), cmsg(3)", "ParseUnixRights takes the descriptors out of a control message."},
	"ParseSocketControlMessage": {"cmsg(3)", "ParseSocketControlMessage takes apart what Recvmsg received as control data."},
	"Eventfd":                   {"eventfd(2)", "Eventfd creates a descriptor that counts events."},
	"TimerfdCreate":             {"timerfd_create(2)", "TimerfdCreate creates a timer that is read from a descriptor."},
	"Sendfile":                  {"sendfile(2)", "Sendfile copies from one descriptor to another within the kernel."},
	"Splice":                    {"splice(2)", "Splice moves data between a pipe and a descriptor within the kernel."},
	"Writev":                    {"readv(2)", "Writev writes several buffers with one call."},
	"Readv":                     {"readv(2)", "Readv reads into several buffers with one call."},
	"SockaddrInet4":             {"ip(7)", "SockaddrInet4 is an IPv4 address with a port. Port is an ordinary number: the package puts it into network byte order."},
	"SockaddrInet6":             {"ipv6(7)", "SockaddrInet6 is an IPv6 address with a port and, for link-local addresses, the number of the interface."},
	"SockaddrUnix":              {"unix(7)", "SockaddrUnix is a path; one that begins with @ is an abstract name."},
	"SockaddrLinklayer":         {"packet(7)", "SockaddrLinklayer is an interface and a hardware address."},
	"Linger":                    {"socket(7)", "Linger is the value of SO_LINGER: Onoff 1 with Linger 0 makes close send RST; with more, close waits up to so many seconds."},
	"PollFd":                    {"poll(2)", "PollFd is a descriptor and the events to wait for; Revents are those that happened."},
	"EpollEvent":                {"epoll_ctl(2)", "EpollEvent is what to wait for, or what happened, and the descriptor it is about."},
	"TCPInfo":                   {"tcp(7)", "TCPInfo is what the system knows of a TCP connection."},
	"Timeval":                   {"timeval(3type)", "Timeval is a time in seconds and microseconds; NsecToTimeval makes one."},
	"Errno":                     {"errno(3)", "Errno is the number of an error. Compare with errors.Is(err, unix.ECONNREFUSED)."},
}

// options are constants of packages unix and syscall.
var options = map[string]manual{
	"SO_REUSEADDR":     {"socket(7)", "SO_REUSEADDR lets a socket bind to an address that old connections in TIME_WAIT still use; on Linux both sockets must have it. For UDP it allows several sockets on one address."},
	"SO_REUSEPORT":     {"socket(7)", "SO_REUSEPORT lets several sockets of one user bind to the same address and port; the system spreads connections over them. Each must set it before bind."},
	"SO_KEEPALIVE":     {"socket(7), tcp(7)", "SO_KEEPALIVE has the system probe the peer when nothing was heard for tcp_keepalive_time, two hours unless set otherwise."},
	"SO_LINGER":        {"socket(7)", "SO_LINGER says what close does with data that is not sent yet; use SetsockoptLinger."},
	"SO_RCVBUF":        {"socket(7), tcp(7)", "SO_RCVBUF is the size of the receive buffer, which bounds the window. Linux doubles what is set. Set it before connect or listen."},
	"SO_SNDBUF":        {"socket(7), tcp(7)", "SO_SNDBUF is the size of the send buffer. Linux doubles what is set."},
	"SO_ERROR":         {"socket(7)", "SO_ERROR is the socket's pending error; reading it clears it. After a connect without waiting it says how that ended."},
	"SO_RCVTIMEO":      {"socket(7)", "SO_RCVTIMEO bounds the time that a receive waits; then it fails with EAGAIN."},
	"SO_SNDTIMEO":      {"socket(7)", "SO_SNDTIMEO bounds the time that a send waits; then it fails with EAGAIN."},
	"SO_BROADCAST":     {"socket(7)", "SO_BROADCAST allows datagrams to broadcast addresses."},
	"SO_TYPE":          {"socket(7)", "SO_TYPE is the socket's type, such as SOCK_STREAM."},
	"SO_ACCEPTCONN":    {"socket(7)", "SO_ACCEPTCONN says whether the socket listens."},
	"TCP_NODELAY":      {"tcp(7)", "TCP_NODELAY sends small pieces at once instead of waiting for the acknowledgement of earlier ones (Nagle's algorithm)."},
	"TCP_CORK":         {"tcp(7)", "TCP_CORK holds back segments that are not full."},
	"TCP_MAXSEG":       {"tcp(7)", "TCP_MAXSEG is the largest segment, in bytes."},
	"TCP_KEEPIDLE":     {"tcp(7)", "TCP_KEEPIDLE is after how many seconds of silence keepalive probes begin."},
	"TCP_KEEPINTVL":    {"tcp(7)", "TCP_KEEPINTVL is how many seconds are between keepalive probes."},
	"TCP_KEEPCNT":      {"tcp(7)", "TCP_KEEPCNT is how many keepalive probes may go unanswered."},
	"TCP_SYNCNT":       {"tcp(7)", "TCP_SYNCNT is how often a SYN is sent again before connect gives up."},
	"TCP_LINGER2":      {"tcp(7)", "TCP_LINGER2 is how long an orphaned connection stays in FIN_WAIT2."},
	"TCP_DEFER_ACCEPT": {"tcp(7)", "TCP_DEFER_ACCEPT completes a connection for accept only when data has arrived."},
	"TCP_INFO":         {"tcp(7)", "TCP_INFO is what the system knows of the connection; use GetsockoptTCPInfo."},
	"TCP_QUICKACK":     {"tcp(7)", "TCP_QUICKACK sends acknowledgements at once."},
	"TCP_CONGESTION":   {"tcp(7)", "TCP_CONGESTION names the congestion control algorithm."},
	"TCP_USER_TIMEOUT": {"tcp(7)", "TCP_USER_TIMEOUT is how many milliseconds data may go unacknowledged before the connection ends with ETIMEDOUT."},
	"TCP_FASTOPEN":     {"tcp(7)", "TCP_FASTOPEN allows data in the SYN."},
	"AF_INET":          {"ip(7), address_families(7)", "AF_INET is the family of IPv4 addresses."},
	"AF_INET6":         {"ipv6(7), address_families(7)", "AF_INET6 is the family of IPv6 addresses."},
	"AF_UNIX":          {"unix(7), address_families(7)", "AF_UNIX is the family of sockets within one machine."},
	"AF_PACKET":        {"packet(7)", "AF_PACKET is the family of sockets that see whole frames."},
	"SOCK_STREAM":      {"socket(2), tcp(7)", "SOCK_STREAM is a reliable stream of bytes both ways: TCP."},
	"SOCK_DGRAM":       {"socket(2), udp(7)", "SOCK_DGRAM are datagrams, each by itself: UDP."},
	"SOCK_SEQPACKET":   {"socket(2), unix(7)", "SOCK_SEQPACKET is reliable and keeps the bounds of messages."},
	"SOCK_RAW":         {"socket(2), raw(7)", "SOCK_RAW gives access to the protocol below."},
	"SOCK_NONBLOCK":    {"socket(2)", "SOCK_NONBLOCK makes the new descriptor one that does not wait."},
	"SOCK_CLOEXEC":     {"socket(2)", "SOCK_CLOEXEC has the new descriptor closed by execve."},
	"SHUT_RD":          {"shutdown(2)", "SHUT_RD ends reading. Linux goes on to acknowledge what arrives, and lets it be read."},
	"SHUT_WR":          {"shutdown(2)", "SHUT_WR ends writing: FIN is sent behind the data."},
	"SHUT_RDWR":        {"shutdown(2)", "SHUT_RDWR ends both directions and wakes who waits on the socket."},
	"MSG_PEEK":         {"recv(2)", "MSG_PEEK receives without taking the data out of the queue."},
	"MSG_WAITALL":      {"recv(2)", "MSG_WAITALL waits until the whole buffer is filled."},
	"MSG_DONTWAIT":     {"recv(2), send(2)", "MSG_DONTWAIT does not wait, this once."},
	"MSG_NOSIGNAL":     {"send(2)", "MSG_NOSIGNAL gives EPIPE without the signal SIGPIPE."},
	"MSG_OOB":          {"recv(2), send(2), tcp(7)", "MSG_OOB is for TCP's urgent data."},
	"SCM_RIGHTS":       {"unix(7)", "SCM_RIGHTS is the control message that passes descriptors."},
	"SOMAXCONN":        {"listen(2)", "SOMAXCONN was once the most that listen's backlog can be; net.core.somaxconn is today's bound."},
	"POLLIN":           {"poll(2)", "POLLIN: there is something to read, or the end."},
	"POLLOUT":          {"poll(2)", "POLLOUT: writing does not wait; a connect is done."},
	"POLLRDHUP":        {"poll(2)", "POLLRDHUP: the peer ended its sending."},
	"POLLHUP":          {"poll(2)", "POLLHUP: the connection is over, both ways."},
	"POLLERR":          {"poll(2)", "POLLERR: there is an error; SO_ERROR says which."},
	"EPOLLET":          {"epoll(7)", "EPOLLET reports a change once, not a state as long as it lasts: read until EAGAIN."},
	"ECONNREFUSED":     {"connect(2), errno(3)", "ECONNREFUSED: nobody listens there; an RST came back."},
	"ECONNRESET":       {"recv(2), errno(3)", "ECONNRESET: the peer sent RST."},
	"ECONNABORTED":     {"accept(2), errno(3)", "ECONNABORTED: the connection was gone before accept. On Linux accept succeeds and the read fails."},
	"EPIPE":            {"send(2), errno(3)", "EPIPE: written to a connection whose peer had sent RST, or that this side shut down."},
	"ETIMEDOUT":        {"connect(2), tcp(7), errno(3)", "ETIMEDOUT: sent again and again, no acknowledgement came."},
	"EADDRINUSE":       {"bind(2), errno(3)", "EADDRINUSE: another socket has this address and port."},
	"EADDRNOTAVAIL":    {"bind(2), errno(3)", "EADDRNOTAVAIL: no interface of this host has the address, or no port is left."},
	"EHOSTUNREACH":     {"connect(2), icmp(7), errno(3)", "EHOSTUNREACH: a router, or the neighbour search, says that there is no way to the host."},
	"ENETUNREACH":      {"connect(2), errno(3)", "ENETUNREACH: there is no route to the network."},
	"EINPROGRESS":      {"connect(2), errno(3)", "EINPROGRESS: the connect goes on; poll for writing, then read SO_ERROR."},
	"EAGAIN":           {"errno(3)", "EAGAIN: the call would have had to wait."},
	"EINTR":            {"signal(7), errno(3)", "EINTR: a signal came while the call waited; call again."},
	"ENOTCONN":         {"errno(3)", "ENOTCONN: the socket is not connected."},
	"EISCONN":          {"errno(3)", "EISCONN: the socket is connected already."},
	"EMFILE":           {"errno(3), getrlimit(2)", "EMFILE: the process has as many descriptors as it may have."},
	"EBADF":            {"errno(3)", "EBADF: this is not an open descriptor."},
	"ESPIPE":           {"lseek(2), errno(3)", "ESPIPE: sockets and pipes have no position."},
	"EMSGSIZE":         {"send(2), errno(3)", "EMSGSIZE: the datagram is too long."},
	"EACCES":           {"errno(3), capabilities(7)", "EACCES: not allowed; ports below ip_unprivileged_port_start need a capability."},
	"SIGPIPE":          {"signal(7)", "SIGPIPE comes when writing to a connection that has been reset; Go ignores it for sockets."},
}

// families say where constants are explained that are not in options.
var families = []struct {
	name *regexp.Regexp
	page string
}{
	{regexp.MustCompile(`^SO_`), "socket(7)"},
	{regexp.MustCompile(`^TCP_`), "tcp(7)"},
	{regexp.MustCompile(`^UDP_`), "udp(7)"},
	{regexp.MustCompile(`^IPV6_`), "ipv6(7)"},
	{regexp.MustCompile(`^(IP_|IPPROTO_|INADDR_)`), "ip(7)"},
	{regexp.MustCompile(`^ICMP`), "icmp(7)"},
	{regexp.MustCompile(`^PACKET_`), "packet(7)"},
	{regexp.MustCompile(`^(AF|PF)_`), "address_families(7)"},
	{regexp.MustCompile(`^SOCK_`), "socket(2)"},
	{regexp.MustCompile(`^MSG_`), "recv(2), send(2)"},
	{regexp.MustCompile(`^SHUT_`), "shutdown(2)"},
	{regexp.MustCompile(`^SCM_`), "unix(7)"},
	{regexp.MustCompile(`^POLL`), "poll(2)"},
	{regexp.MustCompile(`^EPOLL`), "epoll_ctl(2)"},
	{regexp.MustCompile(`^E[A-Z0-9]+$`), "errno(3)"},
	{regexp.MustCompile(`^SIG[A-Z]+$`), "signal(7)"},
	{regexp.MustCompile(`^O_`), "open(2)"},
	{regexp.MustCompile(`^F_`), "fcntl(2)"},
	{regexp.MustCompile(`^RLIMIT_`), "getrlimit(2)"},
	{regexp.MustCompile(`^CLONE_`), "clone(2)"},
	{regexp.MustCompile(`^(SIOC|TIOC)`), "ioctl(2)"},
}

// underlying are the system calls that functions of package net make.
var underlying = map[string]string{
	"net.Dial": "socket(2), connect(2)", "net.DialTimeout": "socket(2), connect(2)", "net.DialTCP": "socket(2), connect(2)", "net.DialUDP": "socket(2), connect(2)", "net.DialUnix": "socket(2), connect(2)",
	"net.Listen": "socket(2), bind(2), listen(2)", "net.ListenTCP": "socket(2), bind(2), listen(2)", "net.ListenUnix": "socket(2), bind(2), listen(2)",
	"net.ListenPacket": "socket(2), bind(2)", "net.ListenUDP": "socket(2), bind(2)",
	"net.Listener.Accept": "accept(2)", "net.TCPListener.Accept": "accept(2)", "net.TCPListener.AcceptTCP": "accept(2)",
	"net.TCPConn.CloseWrite": "shutdown(2)", "net.TCPConn.CloseRead": "shutdown(2)",
	"net.TCPConn.SetLinger": "socket(7)", "net.TCPConn.SetNoDelay": "tcp(7)", "net.TCPConn.SetKeepAlive": "socket(7)", "net.TCPConn.SetKeepAliveConfig": "tcp(7)", "net.TCPConn.SetKeepAlivePeriod": "tcp(7)",
	"net.TCPConn.SetReadBuffer": "socket(7)", "net.TCPConn.SetWriteBuffer": "socket(7)",
	"net.KeepAliveConfig": "tcp(7)",
}

// pageOf returns what the manual says of a name of a package; key is the name
// or Type.Name.
func pageOf(path, key string) manual {
	if path != "golang.org/x/sys/unix" && path != "syscall" {
		return manual{pages: underlying[path+"."+key]}
	}
	if m, ok := calls[key]; ok {
		return m
	}
	if m, ok := options[key]; ok {
		return m
	}
	for _, f := range families {
		if f.name.MatchString(key) {
			return manual{pages: f.page}
		}
	}
	return manual{}
}

var page = regexp.MustCompile(`(\w+)\((\d)(\w*)\)`)

// linked makes links of the pages.
func linked(pages string) string {
	return page.ReplaceAllStringFunc(pages, func(s string) string {
		m := page.FindStringSubmatch(s)
		return fmt.Sprintf("[%s](https://man7.org/linux/man-pages/man%s/%s.%s.html)", s, m[2], m[1], m[2]+m[3])
	})
}
