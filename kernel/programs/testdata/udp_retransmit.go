// A UDP echo client that retransmits, against a server that loses packets.
package main

import (
	"encoding/binary"
	"errors"
	"fmt"
	"log"
	"net"
	"os"
	"time"
)

type packet struct {
	Seq  uint32
	Try  uint8
	Text string
}

func (p packet) MarshalBinary() ([]byte, error) {
	b := make([]byte, 5, 5+len(p.Text))
	binary.BigEndian.PutUint32(b, p.Seq)
	b[4] = p.Try
	return append(b, p.Text...), nil
}

func (p *packet) UnmarshalBinary(b []byte) error {
	if len(b) < 5 {
		return fmt.Errorf("packet of %d bytes is too short", len(b))
	}
	p.Seq, p.Try, p.Text = binary.BigEndian.Uint32(b), b[4], string(b[5:])
	return nil
}

// lossy drops what the table says: seq → how many tries are lost.
type lossy struct {
	net.PacketConn
	lose    map[uint32]int
	dropped int
}

func (l *lossy) ReadFrom(b []byte) (int, net.Addr, error) {
	for {
		n, from, err := l.PacketConn.ReadFrom(b)
		if err != nil {
			return n, from, err
		}
		var p packet
		if p.UnmarshalBinary(b[:n]) == nil && l.lose[p.Seq] > 0 {
			l.lose[p.Seq]--
			l.dropped++
			continue
		}
		return n, from, nil
	}
}

func server(pc net.PacketConn) {
	buf := make([]byte, 1500)
	for {
		n, from, err := pc.ReadFrom(buf)
		if err != nil {
			return
		}
		if _, err := pc.WriteTo(buf[:n], from); err != nil {
			log.Println("server:", err)
		}
	}
}

type client struct {
	*net.UDPConn
	timeout time.Duration
	tries   int
	sent    int
}

var errNoAnswer = errors.New("no answer")

func (c *client) call(p packet) (packet, error) {
	buf := make([]byte, 1500)
	wait := c.timeout
retry:
	for try := 1; try <= c.tries; try++ {
		p.Try = uint8(try)
		b, err := p.MarshalBinary()
		if err != nil {
			return packet{}, err
		}
		if _, err := c.Write(b); err != nil {
			return packet{}, err
		}
		c.sent++
		c.SetReadDeadline(time.Now().Add(wait))
		for {
			n, err := c.Read(buf)
			switch {
			case errors.Is(err, os.ErrDeadlineExceeded):
				wait *= 2
				continue retry
			case err != nil:
				return packet{}, err
			}
			var a packet
			if err := a.UnmarshalBinary(buf[:n]); err != nil {
				return a, err
			}
			if a.Seq == p.Seq {
				return a, nil
			}
			fmt.Println("old answer", a.Seq, "ignored")
		}
	}
	return packet{}, fmt.Errorf("packet %d: %w after %d tries", p.Seq, errNoAnswer, c.tries)
}

func main() {
	pc, err := net.ListenPacket("udp4", "127.0.0.1:0")
	if err != nil {
		log.Fatal(err)
	}
	defer pc.Close()
	l := &lossy{PacketConn: pc, lose: map[uint32]int{2: 1, 4: 2, 5: 99}}
	go server(l)

	conn, err := net.DialUDP("udp", nil, pc.LocalAddr().(*net.UDPAddr))
	if err != nil {
		log.Fatal(err)
	}
	c := &client{UDPConn: conn, timeout: 150 * time.Millisecond, tries: 3}
	for seq := uint32(1); seq <= 6; seq++ {
		a, err := c.call(packet{Seq: seq, Text: fmt.Sprint("packet no. ", seq)})
		if err != nil {
			fmt.Println("FAILED", err, errors.Is(err, errNoAnswer))
			continue
		}
		fmt.Printf("%+v\n", a)
	}
	fmt.Println("sent", c.sent, "dropped", l.dropped)
	var p packet
	fmt.Println(p.UnmarshalBinary([]byte{1, 2}))
	c.Close()

	dead, err := net.Dial("udp", "127.0.0.1:9")
	if err != nil {
		log.Fatal(err)
	}
	defer dead.Close()
	dead.Write([]byte("x"))
	dead.SetReadDeadline(time.Now().Add(2 * time.Second))
	_, err = dead.Read(make([]byte, 10))
	var op *net.OpError
	if errors.As(err, &op) {
		fmt.Println(op.Op, op.Net, op.Err)
	}
}
