package diagram

// font is one of the faces that pictures use. In SVG they are generic
// families, so a reader's machine chooses; the widths here are those of
// DejaVu, which is wider than the usual Arial, Helvetica, Liberation, Roboto
// and Noto. What fits by them fits everywhere.
type font uint8

const (
	sans font = iota
	bold
	italic
	mono
)

var sansWidths = [95]int{
	318, 401, 460, 838, 636, 950, 780, 275, 390, 390, 500, 838, 318, 361, 318, 337,
	636, 636, 636, 636, 636, 636, 636, 636, 636, 636, 337, 337, 838, 838, 838, 531,
	1000, 684, 686, 698, 770, 632, 575, 775, 752, 295, 295, 656, 557, 863, 748, 787,
	603, 787, 695, 635, 611, 732, 684, 989, 685, 611, 685, 390, 337, 390, 838, 500,
	500, 613, 635, 550, 635, 615, 352, 635, 634, 278, 278, 579, 278, 974, 634, 612,
	635, 635, 411, 521, 392, 634, 592, 818, 592, 592, 525, 636, 337, 636, 838,
}

var boldWidths = [95]int{
	348, 456, 521, 838, 696, 1002, 872, 306, 457, 457, 523, 838, 380, 415, 380, 365,
	696, 696, 696, 696, 696, 696, 696, 696, 696, 696, 400, 400, 838, 838, 838, 580,
	1000, 774, 762, 734, 830, 683, 683, 821, 837, 372, 372, 775, 637, 995, 837, 850,
	733, 850, 770, 720, 682, 812, 774, 1103, 771, 724, 725, 457, 365, 457, 838, 500,
	500, 675, 716, 593, 716, 678, 435, 716, 712, 343, 343, 665, 343, 1042, 712, 687,
	716, 716, 493, 595, 478, 712, 652, 924, 645, 652, 582, 712, 365, 712, 838,
}

// width is how much room s takes at a size, in pixels.
func (f font) width(s string, size float64) float64 {
	sum := 0
	for _, r := range s {
		switch {
		case f == mono:
			if sum += 602; r >= 0x1100 {
				sum += 602 // East Asian characters may be double
			}
		case r == '\u00a0':
			sum += 348
		case r < 32 || r > 126:
			sum += 1000
		case f == bold:
			sum += boldWidths[r-32]
		default:
			sum += sansWidths[r-32]
		}
	}
	return float64(sum) * size / 1000
}

// shorten cuts s to what fits in width and ends it with an ellipsis.
func (f font) shorten(s string, size, width float64) string {
	if f.width(s, size) <= width {
		return s
	}
	r := []rune(s)
	for len(r) > 0 && f.width(string(r)+"…", size) > width {
		r = r[:len(r)-1]
	}
	return string(r) + "…"
}
