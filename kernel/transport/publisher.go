package transport

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"time"
	"unicode/utf8"

	"sockbook/kernel/jupyter"
)

// Bounds on what one subscriber may ask for.
const (
	maxTopics = 1024 // different topics
	maxTopic  = 1024 // bytes
)

var errSubscription = errors.New("malformed subscription")

// A publisher is the XPUB socket for iopub.
type publisher struct {
	server *Server
	turn   chan struct{} // holds a token while somebody publishes: all subscribers see one order

	mu          sync.Mutex    // serialises who is connected
	subscribers []*subscriber // replaced as a whole, so that it can be read without the lock
}

// A subscriber is what one peer asked for.
type subscriber struct {
	*peer

	mu     sync.Mutex     // serialises the topics, and their use together with what is queued
	topics map[string]int // how often each was subscribed to
}

func newPublisher(s *Server) *publisher {
	return &publisher{server: s, turn: make(chan struct{}, 1)}
}

func (b *publisher) join(p *peer) {
	s := &subscriber{peer: p, topics: make(map[string]int)}
	b.mu.Lock()
	b.subscribers = append(slices.Clip(b.subscribers), s)
	b.mu.Unlock()
}

func (b *publisher) leave(p *peer) {
	b.mu.Lock()
	b.subscribers = slices.DeleteFunc(slices.Clone(b.subscribers), func(s *subscriber) bool { return s.peer == p })
	b.mu.Unlock()
}

// members is who is connected, in the order in which they came.
func (b *publisher) members() []*subscriber {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.subscribers
}

// receive takes a subscription: 1 and the topic, or 0 and the topic to end one (RFC 29).
func (b *publisher) receive(p *peer, frames [][]byte) {
	members := b.members()
	s := members[slices.IndexFunc(members, func(s *subscriber) bool { return s.peer == p })]
	err := errSubscription
	switch {
	case len(frames) != 1 || len(frames[0]) == 0:
	case frames[0][0] == 0:
		s.unsubscribe(string(frames[0][1:]))
		return
	case frames[0][0] == 1:
		err = b.subscribe(s, string(frames[0][1:]))
	}
	if err != nil {
		p.bad.log(p.log, "subscription dropped", err)
	}
}

// subscribe adds a topic, and welcomes the subscriber to it if it is a new one.
func (b *publisher) subscribe(s *subscriber, topic string) error {
	if len(topic) > maxTopic {
		return fmt.Errorf("%w: a topic of %d bytes, at most %d", errSubscription, len(topic), maxTopic)
	}
	welcome, err := b.welcome(topic)
	if err != nil {
		return err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.topics[topic] == 0 {
		if len(s.topics) == maxTopics {
			return fmt.Errorf("%w: more than %d topics", errSubscription, maxTopics)
		}
		s.send(newOutgoing(welcome))
	}
	s.topics[topic]++
	return nil
}

func (s *subscriber) unsubscribe(topic string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.topics[topic]--; s.topics[topic] <= 0 {
		delete(s.topics, topic)
	}
}

// wantsLocked says whether one of the topics is a prefix of the message's.
func (s *subscriber) wantsLocked(m topical) bool {
	for t := range s.topics {
		if strings.HasPrefix(m.topic, t) {
			return true
		}
	}
	return false
}

// welcome is the iopub_welcome message for a subscription. Its topic is the usual one if the subscription covers that,
// else the subscription itself, or the subscriber's own filter would drop it.
func (b *publisher) welcome(subscription string) ([][]byte, error) {
	if !utf8.ValidString(subscription) {
		return nil, fmt.Errorf("%w: the topic is not UTF-8", errSubscription)
	}
	m, err := b.server.self.New(jupyter.IOPubWelcomeType, jupyter.Header{}, jupyter.IOPubWelcome{Subscription: subscription})
	if err != nil {
		return nil, err
	}
	topic := b.topic(m)
	if !strings.HasPrefix(topic, subscription) {
		topic = subscription
	}
	m.Identities = [][]byte{[]byte(topic)}
	return b.server.signer.Encode(m)
}

// topic is what m is published under.
func (b *publisher) topic(m *jupyter.Message) string {
	if len(m.Identities) > 0 {
		return string(m.Identities[0])
	}
	return "kernel." + b.server.self.Session() + "." + string(m.Type())
}

// A topical message is encoded for publication.
type topical struct {
	outgoing
	topic string
}

// send queues messages for all who want them, when all have room.
func (b *publisher) send(ctx context.Context, messages []*jupyter.Message) error {
	if len(messages) == 0 {
		return nil
	}
	var out []topical
	for _, m := range messages {
		topic := b.topic(m)
		published := *m
		published.Identities = [][]byte{[]byte(topic)}
		frames, err := b.server.signer.Encode(&published)
		if err != nil {
			return err
		}
		out = append(out, topical{newOutgoing(frames), topic})
	}
	failed := func(err error) error { return fmt.Errorf("publish %s: %w", messages[0].Type(), err) }
	if err := ctx.Err(); err != nil {
		return failed(err)
	}
	select {
	case b.turn <- struct{}{}:
		defer func() { <-b.turn }()
	case <-ctx.Done():
		return failed(ctx.Err())
	case <-b.server.closing:
		return ErrClosed
	}
	if b.server.closed() {
		return ErrClosed
	}
	for _, s := range b.members() {
		if err := b.awaitRoom(ctx, s, out); err != nil {
			return failed(err)
		}
	}
	for _, s := range b.members() {
		s.mu.Lock()
		var wanted []outgoing
		for _, m := range out {
			if s.wantsLocked(m) {
				wanted = append(wanted, m.outgoing)
			}
		}
		if len(wanted) > 0 {
			s.send(wanted...)
		}
		s.mu.Unlock()
	}
	return nil
}

// awaitRoom waits until s has room for those of the messages that it wants, has frozen with room to spare, or is gone.
func (b *publisher) awaitRoom(ctx context.Context, s *subscriber, messages []topical) error {
	s.mu.Lock()
	wanted := slices.ContainsFunc(messages, s.wantsLocked)
	s.mu.Unlock()
	if !wanted {
		return nil
	}
	for s.out.size() > s.limits.low {
		var frozen <-chan time.Time // when s will count as frozen; never if that no longer helps
		if s.out.size() <= s.limits.high {
			left := s.limits.grace - s.out.idleFor()
			if left <= 0 {
				return nil
			}
			frozen = time.After(left)
		}
		select {
		case <-s.out.room:
		case <-frozen:
		case <-s.out.gone:
			return nil
		case <-ctx.Done():
			return ctx.Err()
		case <-b.server.closing:
			return ErrClosed
		}
	}
	return nil
}
