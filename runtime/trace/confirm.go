package trace

import (
	"sockbook/runtime/trace/packet"
)

// confirmations finds the frames with which hosts make sure that a neighbour
// they know is still there: an ARP request to its Ethernet address instead of
// to all (RFC 1122, section 2.3.2.1), and the answer. Linux sends one some five
// seconds after it has learned an address from another's request, whatever
// programs do. A request that nobody answers is news, and not among them.
func (b *builder) confirmations() map[int]bool {
	found := map[int]bool{}
	if b.in.Housekeeping {
		return found
	}
	type pair struct{ from, to string }
	asked := map[pair]int{}
	for i := range b.in.Frames {
		f := &b.in.Frames[i]
		if len(f.Data) < 14 || f.Data[12] != 0x08 || f.Data[13] != 0x06 {
			continue
		}
		p := packet.Decode(f.Data)
		if p.ARP == nil {
			continue
		}
		if p.ARP.Request {
			if !p.Multicast() {
				asked[pair{f.From, f.To}] = i
			}
			continue
		}
		if request, ok := asked[pair{f.To, f.From}]; ok {
			found[request], found[i] = true, true
			delete(asked, pair{f.To, f.From})
		}
	}
	return found
}
