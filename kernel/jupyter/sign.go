package jupyter

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"hash"
	"sync"
)

// SchemeHMACSHA256 is the one signature scheme that Jupyter clients use: "signature_scheme" in the connection file.
const SchemeHMACSHA256 = "hmac-sha256"

// remembered is how many signatures a Signer keeps to notice replays, as many as jupyter_client's Session does.
const remembered = 1 << 16

// A Signer signs outgoing messages and checks incoming ones ("The Wire Protocol"). It remembers the last 65,536
// signatures it accepted, and refuses a message that comes again, as jupyter_client does. Use one Signer for all
// channels of a kernel; its methods may be called from any goroutine. The zero Signer neither signs nor checks.
type Signer struct {
	macs *sync.Pool // of hash.Hash; nil if there is no key

	mu   sync.Mutex // serialises the memory of signatures
	seen map[tag]struct{}
	ring []tag // the tags of seen, oldest at next
	next int
}

// A tag is the first half of an HMAC-SHA256: enough to tell signatures apart that were found valid.
type tag [sha256.Size / 2]byte

// NewSigner returns a Signer for the scheme and key of a connection file. An empty key turns signing off. A scheme other
// than hmac-sha256 is an error.
func NewSigner(scheme, key string) (*Signer, error) {
	if scheme != SchemeHMACSHA256 {
		return nil, fmt.Errorf("signature scheme %q is not supported: only %s is", scheme, SchemeHMACSHA256)
	}
	s := new(Signer)
	if key != "" {
		s.macs = &sync.Pool{New: func() any { return hmac.New(sha256.New, []byte(key)) }}
		s.seen = make(map[tag]struct{})
	}
	return s, nil
}

// sum is the raw signature of the four parts header, parent header, metadata and content.
func (s *Signer) sum(parts [][]byte) [sha256.Size]byte {
	mac := s.macs.Get().(hash.Hash)
	mac.Reset()
	for _, p := range parts {
		mac.Write(p)
	}
	var sum [sha256.Size]byte
	mac.Sum(sum[:0])
	s.macs.Put(mac)
	return sum
}

// sign is the signature frame for the four parts.
func (s *Signer) sign(parts [][]byte) []byte {
	if s.macs == nil {
		return nil
	}
	sum := s.sum(parts)
	return hex.AppendEncode(nil, sum[:])
}

// verify checks the signature frame of the four parts: ErrSignature if it is not theirs, ErrReplay if it was accepted
// before.
func (s *Signer) verify(signature []byte, parts [][]byte) error {
	if s.macs == nil {
		return nil
	}
	sum := s.sum(parts)
	if !hmac.Equal(signature, hex.AppendEncode(nil, sum[:])) {
		return ErrSignature
	}
	if !s.remember(tag(sum[:len(tag{})])) {
		return ErrReplay
	}
	return nil
}

// remember reports whether t is new, and forgets the oldest tag if there are too many.
func (s *Signer) remember(t tag) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	if _, again := s.seen[t]; again {
		return false
	}
	if len(s.ring) < remembered {
		s.ring = append(s.ring, t)
	} else {
		delete(s.seen, s.ring[s.next])
		s.ring[s.next] = t
		s.next = (s.next + 1) % remembered
	}
	s.seen[t] = struct{}{}
	return true
}
