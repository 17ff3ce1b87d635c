package wire

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"
)

// RuleError says what is wrong with the text of a rule.
type RuleError struct {
	Text string // the whole rule
	Word string // where it went wrong; empty at its end
	Msg  string // what is wrong
	Hint string // what would be right
}

func (e *RuleError) Error() string {
	if e.Word == "" {
		return fmt.Sprintf("rule %q: %s", e.Text, e.Msg)
	}
	return fmt.Sprintf("rule %q: %q: %s", e.Text, e.Word, e.Msg)
}

var (
	actionWords = []string{"pass", "drop", "cut", "delay", "duplicate", "unreachable"}
	kindWords   = []string{"frame", "SYN", "SYN-ACK", "ACK", "FIN", "RST", "data", "TCP", "UDP", "ICMP", "ARP", "non-ARP"}
	codeWords   = []string{"host", "net", "port-closed", "prohibited"}
	ordinals    = []string{"first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth", "tenth"}
	otherWords  = []string{"the", "every", "next", "after", "from", "port", "seed"}
)

// The limits of numbers in a rule's text.
const (
	maxRuleText  = 200
	maxRuleCount = 1_000_000
	maxDelay     = time.Hour
)

// Reserved tells whether a word means something in the text of a rule, so that
// no host may have it as its name.
func Reserved(word string) bool {
	return fold(actionWords, word) >= 0 || kindOf(word) >= 0 || fold(codeWords, word) >= 0 ||
		fold(ordinals, word) >= 0 || fold(otherWords, word) >= 0 || strings.EqualFold(word, Router)
}

// fold returns the index of a word, in any case, or -1.
func fold(words []string, word string) int {
	return slices.IndexFunc(words, func(w string) bool { return strings.EqualFold(w, word) })
}

// kindOf takes also the plural.
func kindOf(word string) int {
	if strings.EqualFold(word, "SYN,ACK") || strings.EqualFold(word, "SYNACK") {
		return int(SYNACK)
	}
	if i := fold(kindWords, word); i >= 0 {
		return i
	}
	if s := strings.TrimRight(word, "sS"); len(s) == len(word)-1 {
		return fold(kindWords, s)
	}
	return -1
}

// ParseRule reads a rule as people write it. It begins with what is done (drop,
// cut, delay, duplicate, unreachable) and, but for rules about all links, the
// hosts at the ends of the link. Then, in any order:
//
//	20ms                      how long to delay
//	host, net, port-closed, prohibited
//	                          what the router says (unreachable)
//	every SYN                 SYN, SYN-ACK, ACK, FIN, RST, data, TCP, UDP,
//	                          ICMP, ARP, non-ARP, frame
//	next SYN, next 3 SYN      only so many
//	third SYN, 12th SYN       only that one
//	after 5                   not the first five
//	30% seed 7                that part of them, at random
//	from server               in that direction
//	port 7777                 TCP and UDP with that port on either side
//
// The error is a *RuleError.
func ParseRule(text string) (Rule, error) {
	p := ruleParser{text: text, words: strings.Fields(text)}
	if len(text) > maxRuleText {
		p.text = text[:maxRuleText] + "…"
		return Rule{}, p.fail("", "it is too long", "")
	}
	if len(p.words) == 0 {
		return Rule{}, p.fail("", "there is nothing in it", "for example: drop client server third SYN")
	}
	first := p.next()
	action := fold(actionWords, first)
	if action < 0 {
		return Rule{}, p.fail(first, "it is not something that can be done to a frame", "one of "+strings.Join(actionWords, ", "))
	}
	p.rule.Action = Action(action)
	for range 2 {
		if len(p.words) > 0 && hostWord(p.words[0]) {
			p.rule.A, p.rule.B = p.rule.B, p.next()
		}
	}
	if p.rule.A == "" {
		p.rule.A, p.rule.B = p.rule.B, ""
	}
	for len(p.words) > 0 {
		if err := p.clause(p.next()); err != nil {
			return Rule{}, err
		}
	}
	return p.finish()
}

// hostWord tells whether a word can be the name of a host: it has no meaning of
// its own and does not begin with a digit.
func hostWord(w string) bool {
	return HostName(w) || w == Router
}

// HostName tells whether a host may have this name: up to 32 small letters,
// digits and "-", a letter first, no word that rules use.
func HostName(w string) bool {
	if len(w) == 0 || len(w) > 32 || Reserved(w) || w[0] < 'a' || w[0] > 'z' {
		return false
	}
	return strings.Trim(w, "abcdefghijklmnopqrstuvwxyz0123456789-") == "" && w[len(w)-1] != '-'
}

type ruleParser struct {
	text  string
	words []string
	rule  Rule
}

func (p *ruleParser) next() string {
	if len(p.words) == 0 {
		return ""
	}
	w := p.words[0]
	p.words = p.words[1:]
	return w
}

func (p *ruleParser) fail(word, msg, hint string) error {
	return &RuleError{Text: p.text, Word: word, Msg: msg, Hint: hint}
}

// clause reads what begins with a word.
func (p *ruleParser) clause(w string) (err error) {
	r := &p.rule
	switch strings.ToLower(w) {
	case "the", "every":
		return nil
	case "next":
		r.Count = 1
		if len(p.words) > 0 && isDigit(p.words[0]) {
			r.Count, err = p.number(p.next(), 1, maxRuleCount)
		}
		return err
	case "after":
		r.First, err = p.number(p.next(), 1, maxRuleCount)
		r.First++
		return err
	case "from":
		if r.From = p.next(); !hostWord(r.From) {
			return p.fail(r.From, "it is not the name of a host", "for example: from server")
		}
		return nil
	case "port":
		n, err := p.number(p.next(), 1, 65535)
		r.Port = uint16(n)
		return err
	case "seed":
		n, err := p.number(p.next(), 0, 1<<31)
		r.Seed = uint64(n)
		return err
	}
	if i := fold(codeWords, w); i >= 0 && r.Action == Unreachable {
		r.Code = Code(i)
		return nil
	}
	if i := kindOf(w); i >= 0 {
		r.Kind = Kind(i)
		return nil
	}
	if i := fold(ordinals, w); i >= 0 {
		r.First, r.Count = i+1, 1
		return nil
	}
	return p.numeric(w)
}

// numeric reads 30%, 12th and 20ms.
func (p *ruleParser) numeric(w string) (err error) {
	r := &p.rule
	if s, ok := strings.CutSuffix(w, "%"); ok {
		n, err := strconv.ParseFloat(s, 64)
		if err != nil || !(n >= 0.001 && n <= 99.999) {
			return p.fail(w, "it is not a part of the frames", "more than 0% and less than 100%, for example 30%")
		}
		r.Share = n / 100
		return nil
	}
	if isDigit(w) && len(w) > 2 {
		if n := len(w) - 2; slices.Contains([]string{"st", "nd", "rd", "th"}, w[n:]) {
			r.First, err = p.number(w[:n], 1, maxRuleCount)
			r.Count = 1
			return err
		}
	}
	if d, err := time.ParseDuration(w); err == nil && r.Action == Delay {
		if d <= 0 || d > maxDelay {
			return p.fail(w, "it is not a delay", "more than 0 and at most 1h, for example 20ms")
		}
		r.Delay = d
		return nil
	}
	return p.fail(w, "it means nothing here", "for example: drop client server third SYN")
}

func isDigit(w string) bool { return w[0] >= '0' && w[0] <= '9' }

func (p *ruleParser) number(w string, least, most int) (int, error) {
	n, err := strconv.Atoi(w)
	if err != nil || n < least || n > most {
		return 0, p.fail(w, "a number should stand here", fmt.Sprintf("from %d to %d", least, most))
	}
	return n, nil
}

// finish checks what only the whole rule shows.
func (p *ruleParser) finish() (Rule, error) {
	r := p.rule
	switch {
	case r.A != "" && r.A == r.B:
		return Rule{}, p.fail(r.B, "a link has two different ends", "")
	case r.Action == Delay && r.Delay == 0:
		return Rule{}, p.fail("", "how long is missing", "for example: delay client server 20ms")
	case r.Action == Pass && r != Rule{}:
		return Rule{}, p.fail("", "pass is for everything", "")
	case r.Action == Cut && r != Rule{Action: Cut, A: r.A, B: r.B}:
		return Rule{}, p.fail("", "a cut cable takes all frames", "for a choice of frames there is drop")
	case r.Seed != 0 && r.Share == 0:
		return Rule{}, p.fail("", "a seed without a part of the frames", "for example: 30% seed 7")
	}
	if r.First == 1 && r.Count == 0 {
		r.First = 0
	}
	if r.First <= 1 && r.Count > 0 {
		r.First = 1
	}
	return r, nil
}

// String returns the rule as ParseRule reads it.
func (r Rule) String() string {
	w := []string{word(actionWords, int(r.Action))}
	add := func(format string, args ...any) { w = append(w, fmt.Sprintf(format, args...)) }
	if r.A != "" {
		add("%s", r.A)
	}
	if r.B != "" {
		add("%s", r.B)
	}
	if r.Action == Delay {
		add("%v", r.Delay)
	}
	if r.Action == Unreachable {
		add("%s", word(codeWords, int(r.Code)))
	}
	r.addWhich(add)
	if r.Share != 0 {
		add("%s%%", strconv.FormatFloat(r.Share*100, 'g', 12, 64))
	}
	if r.Seed != 0 {
		add("seed %d", r.Seed)
	}
	if r.From != "" {
		add("from %s", r.From)
	}
	if r.Port != 0 {
		add("port %d", r.Port)
	}
	return strings.Join(w, " ")
}

// addWhich adds which of the frames the rule acts on.
func (r Rule) addWhich(add func(string, ...any)) {
	switch kind := word(kindWords, int(r.Kind)); {
	case r.First > 1 && r.Count == 1 && r.First <= len(ordinals):
		add("%s %s", ordinals[r.First-1], kind)
	case r.First > 1 && r.Count == 1:
		add("%d%s %s", r.First, ending(r.First), kind)
	case r.First > 1 && r.Count == 0:
		add("after %d every %s", r.First-1, kind)
	case r.First > 1:
		add("after %d next %d %s", r.First-1, r.Count, kind)
	case r.Count == 1:
		add("next %s", kind)
	case r.Count > 1:
		add("next %d %s", r.Count, kind)
	case r.Kind != AnyFrame:
		add("every %s", kind)
	}
}

func word(words []string, i int) string {
	if i < len(words) {
		return words[i]
	}
	return strconv.Itoa(i)
}

// ending makes an English ordinal of a number above ten.
func ending(n int) string {
	switch {
	case n/10%10 == 1:
		return "th"
	case n%10 == 1:
		return "st"
	case n%10 == 2:
		return "nd"
	case n%10 == 3:
		return "rd"
	}
	return "th"
}
