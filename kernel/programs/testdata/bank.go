// A bank: accounts, transfers with ordered locks, transactions that roll back,
// an audit log, an event bus and reports; ends in a panic with an own error.
package main

import (
	"errors"
	"fmt"
	"sort"
	"strings"
	"sync"
	"time"
)

type Cents int64

func (c Cents) String() string {
	sign := ""
	if c < 0 {
		sign, c = "-", -c
	}
	return fmt.Sprintf("%s€%d.%02d", sign, int64(c)/100, int64(c)%100)
}

type AccountID string

type Account struct {
	ID      AccountID
	Owner   string
	mu      sync.Mutex
	balance Cents
	limits  map[Kind]Cents
}

type Kind int

const (
	Deposit Kind = iota + 1
	Withdraw
	Transfer
)

func (k Kind) String() string { return [...]string{1: "deposit", 2: "withdraw", 3: "transfer"}[k] }

type InsufficientFunds struct {
	Account AccountID
	Need    Cents
	Have    Cents
}

func (e InsufficientFunds) Error() string {
	return fmt.Sprintf("account %s: need %v, have %v", e.Account, e.Need, e.Have)
}

var (
	ErrUnknown = errors.New("unknown account")
	ErrSame    = errors.New("same account")
)

type Event struct {
	At      time.Duration
	Kind    Kind
	Account AccountID
	Amount  Cents
	Err     error
}

type Listener func(Event)

type Bus struct {
	mu        sync.RWMutex
	listeners map[Kind][]Listener
}

func (b *Bus) On(l Listener, kinds ...Kind) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.listeners == nil {
		b.listeners = map[Kind][]Listener{}
	}
	for _, k := range kinds {
		b.listeners[k] = append(b.listeners[k], l)
	}
}

func (b *Bus) emit(e Event) {
	b.mu.RLock()
	defer b.mu.RUnlock()
	for _, l := range b.listeners[e.Kind] {
		l(e)
	}
}

type Bank struct {
	Bus
	accounts map[AccountID]*Account
	clock    func() time.Duration
}

func (b *Bank) get(ids ...AccountID) ([]*Account, error) {
	out := make([]*Account, len(ids))
	for i, id := range ids {
		a, ok := b.accounts[id]
		if !ok {
			return nil, fmt.Errorf("%w: %q", ErrUnknown, string(id))
		}
		out[i] = a
	}
	return out, nil
}

func (a *Account) withdraw(c Cents) error {
	if a.balance < c {
		return InsufficientFunds{a.ID, c, a.balance}
	}
	a.balance -= c
	return nil
}

func (b *Bank) Do(k Kind, c Cents, ids ...AccountID) (err error) {
	defer func() {
		b.emit(Event{b.clock(), k, ids[0], c, err})
	}()
	as, err := b.get(ids...)
	if err != nil {
		return err
	}
	switch k {
	case Deposit, Withdraw:
		a := as[0]
		a.mu.Lock()
		defer a.mu.Unlock()
		if k == Deposit {
			a.balance += c
			return nil
		}
		return a.withdraw(c)
	case Transfer:
		from, to := as[0], as[1]
		if from == to {
			return ErrSame
		}
		first, second := from, to
		if second.ID < first.ID {
			first, second = second, first
		}
		first.mu.Lock()
		defer first.mu.Unlock()
		second.mu.Lock()
		defer second.mu.Unlock()
		if err := from.withdraw(c); err != nil {
			return fmt.Errorf("transfer to %s: %w", to.Owner, err)
		}
		to.balance += c
	}
	return
}

// Atomically runs steps, and undoes all if one fails or panics.
func (b *Bank) Atomically(steps ...func() error) (err error) {
	saved := map[*Account]Cents{}
	for _, a := range b.accounts {
		saved[a] = a.balance
	}
	defer func() {
		r := recover()
		if r != nil {
			err = fmt.Errorf("step panicked: %v", r)
		}
		if err != nil {
			for a, c := range saved {
				a.balance = c
			}
		}
	}()
	for i, s := range steps {
		if err := s(); err != nil {
			return fmt.Errorf("step %d: %w", i+1, err)
		}
	}
	return nil
}

func (b *Bank) Report() string {
	ids := make([]string, 0, len(b.accounts))
	var total Cents
	for id, a := range b.accounts {
		ids = append(ids, fmt.Sprintf("%s=%v", id, a.balance))
		total += a.balance
	}
	sort.Strings(ids)
	return strings.Join(ids, " ") + fmt.Sprint(" total ", total)
}

func main() {
	ticks := time.Duration(0)
	bank := &Bank{accounts: map[AccountID]*Account{}, clock: func() time.Duration { ticks += 250 * time.Millisecond; return ticks }}
	for i, owner := range [...]string{"Ann", "Bob", "Cid"} {
		id := AccountID(fmt.Sprintf("A%d", i+1))
		bank.accounts[id] = &Account{ID: id, Owner: owner, balance: Cents(1000 * (i + 1))}
	}
	var audit []Event
	bank.On(func(e Event) { audit = append(audit, e) }, Deposit, Withdraw, Transfer)
	bank.On(func(e Event) {
		if e.Err != nil {
			fmt.Println("  !", e.Kind, e.Err)
		}
	}, Withdraw, Transfer)

	fmt.Println(bank.Do(Deposit, 550, "A1"), bank.Report())
	err := bank.Do(Transfer, 99999, "A1", "A3")
	var funds InsufficientFunds
	fmt.Println(errors.As(err, &funds), funds.Need-funds.Have, errors.Is(err, InsufficientFunds{"A1", 99999, 1550}))
	fmt.Println(errors.Is(bank.Do(Withdraw, 1, "X"), ErrUnknown), bank.Do(Transfer, 1, "A2", "A2") == ErrSame)
	err = bank.Atomically(
		func() error { return bank.Do(Transfer, 100, "A1", "A2") },
		func() error { return bank.Do(Withdraw, 5000, "A2") },
	)
	fmt.Println(err, "|", bank.Report())
	err = bank.Atomically(
		func() error { return bank.Do(Deposit, 1, "A1") },
		func() error { var m map[string]int; m["x"] = 1; return nil },
	)
	fmt.Println(err, "|", bank.Report())
	fmt.Println(len(audit), audit[0], audit[len(audit)-1].At)
	for _, e := range audit[:2] {
		fmt.Printf("%+v\n", e)
	}
	bank.listeners = nil
	bank.clock = func() time.Duration { return 0 }
	var wg sync.WaitGroup
	for i := range 60 {
		wg.Add(1)
		go func() {
			defer wg.Done()
			ids := []AccountID{"A1", "A2", "A3"}
			bank.Do(Transfer, Cents(i), ids[i%3], ids[(i+1+i%2)%3])
		}()
	}
	wg.Wait()
	var total Cents
	for _, a := range bank.accounts {
		total += a.balance
	}
	fmt.Println(total, Cents(-5), []Cents{1, 100})
	fmt.Printf("%v %d %s %T\n", total, total, total, total)
	defer fmt.Println("deferred in main")
	if err := bank.Do(Withdraw, 1_000_000, "A2"); err != nil {
		funds = err.(InsufficientFunds)
		funds.Have = 7
		panic(funds)
	}
}
