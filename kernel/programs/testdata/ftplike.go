// A tiny FTP-like protocol: a control connection, and a data connection that
// the server opens a port for (passive mode).
package main

import (
	"bufio"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"log"
	"net"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"time"
)

type ctl struct {
	net.Conn
	r    *bufio.Reader
	root string
	data net.Listener
}

func (c *ctl) reply(code int, format string, args ...interface{}) {
	fmt.Fprintf(c, "%d %s\r\n", code, fmt.Sprintf(format, args...))
}

func (c *ctl) withData(f func(net.Conn) error) error {
	if c.data == nil {
		return errors.New("use PASV first")
	}
	defer func() { c.data.Close(); c.data = nil }()
	c.data.(*net.TCPListener).SetDeadline(time.Now().Add(5 * time.Second))
	d, err := c.data.Accept()
	if err != nil {
		return err
	}
	defer d.Close()
	return f(d)
}

func (c *ctl) serve() {
	defer c.Close()
	c.reply(220, "welcome")
	for {
		line, err := c.r.ReadString('\n')
		if err != nil {
			return
		}
		cmd, arg, _ := strings.Cut(strings.TrimSpace(line), " ")
		path := filepath.Join(c.root, filepath.Base(arg))
		switch strings.ToUpper(cmd) {
		case "PASV":
			if c.data, err = net.Listen("tcp", "127.0.0.1:0"); err != nil {
				c.reply(425, "%v", err)
				continue
			}
			port := c.data.Addr().(*net.TCPAddr).Port
			c.reply(227, "(127,0,0,1,%d,%d)", port>>8, port&0xff)
		case "STOR":
			var n int64
			err := c.withData(func(d net.Conn) error {
				f, err := os.Create(path)
				if err != nil {
					return err
				}
				defer f.Close()
				n, err = io.Copy(f, d)
				return err
			})
			if err != nil {
				c.reply(451, "%v", err)
				continue
			}
			c.reply(226, "stored %d bytes", n)
		case "RETR":
			f, err := os.Open(path)
			if errors.Is(err, fs.ErrNotExist) {
				c.reply(550, "no such file %s", arg)
				continue
			}
			c.reply(150, "sending")
			err = c.withData(func(d net.Conn) error { _, err := io.Copy(d, f); return err })
			f.Close()
			if err != nil {
				c.reply(451, "%v", err)
			} else {
				c.reply(226, "done")
			}
		case "SIZE":
			if fi, err := os.Stat(path); err == nil {
				c.reply(213, "%d", fi.Size())
			} else {
				var pe *fs.PathError
				errors.As(err, &pe)
				c.reply(550, "%s: %v", pe.Op, pe.Err)
			}
		case "LIST":
			entries, _ := os.ReadDir(c.root)
			names := []string{}
			for _, e := range entries {
				names = append(names, e.Name())
			}
			c.reply(250, "%s", strings.Join(names, " "))
		case "QUIT":
			c.reply(221, "goodbye")
			return
		default:
			c.reply(502, "%q not implemented", cmd)
		}
	}
}

type client struct {
	c net.Conn
	r *bufio.Reader
}

func (c *client) read() string {
	line, err := c.r.ReadString('\n')
	if err != nil {
		return "!" + err.Error()
	}
	line = strings.TrimSpace(line)
	if !strings.HasPrefix(line, "227") {
		fmt.Println("  <", line)
	}
	return line
}

func (c *client) cmd(s string) string {
	if s != "PASV" {
		fmt.Println(">", s)
	}
	fmt.Fprintf(c.c, "%s\r\n", s)
	return c.read()
}

func (c *client) pasv() net.Conn {
	line := c.cmd("PASV")
	fields := strings.Split(strings.Trim(line[4:], "()"), ",")
	hi, _ := strconv.Atoi(fields[4])
	lo, _ := strconv.Atoi(fields[5])
	d, err := net.Dial("tcp", net.JoinHostPort("127.0.0.1", strconv.Itoa(hi<<8|lo)))
	if err != nil {
		log.Fatal(err)
	}
	return d
}

func main() {
	root, err := os.MkdirTemp("", "ftp")
	if err != nil {
		log.Fatal(err)
	}
	defer os.RemoveAll(root)
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		log.Fatal(err)
	}
	go func() {
		conn, err := l.Accept()
		if err != nil {
			return
		}
		(&ctl{Conn: conn, r: bufio.NewReader(conn), root: root}).serve()
	}()
	conn, err := net.Dial("tcp", l.Addr().String())
	if err != nil {
		log.Fatal(err)
	}
	cl := &client{conn, bufio.NewReader(conn)}
	cl.read()
	cl.cmd("RETR nothing.txt")
	cl.cmd("STOR early.txt")
	content := strings.Repeat("All work and no play makes Jack a dull boy.\n", 500)
	d := cl.pasv()
	go func() {
		io.WriteString(d, content)
		d.Close()
	}()
	cl.cmd("STOR jack.txt")
	cl.cmd("SIZE jack.txt")
	cl.cmd("SIZE jill.txt")
	cl.cmd("LIST")
	d = cl.pasv()
	cl.cmd("RETR jack.txt")
	h := sha256.New()
	n, err := io.Copy(h, d)
	fmt.Println(n, err)
	cl.read()
	want := sha256.Sum256([]byte(content))
	fmt.Println(hex.EncodeToString(h.Sum(nil)[:8]), hex.EncodeToString(want[:8]))
	cl.cmd("FEAT")
	cl.cmd("QUIT")
}
