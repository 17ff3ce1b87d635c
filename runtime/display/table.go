package display

import (
	"cmp"
	"fmt"
	"html"
	"reflect"
	"slices"
	"strings"
	"unicode/utf8"
)

// MaxRows is how many rows of a table are shown; a last line counts the rest.
const MaxRows = 100

// Table shows rows as a table: a slice or array of structs (a column a field)
// or of pointers to structs, of maps (a column a key), of slices (the first is
// the heading), or of anything else (one column); or a map (key and value).
func Table(rows any, options ...Option) error {
	b, err := TableOf(rows)
	if err != nil {
		return err
	}
	return Show(b, options...)
}

// TableOf returns the table that [Table] shows.
func TableOf(rows any) (Bundle, error) {
	heading, cells, total, err := table(reflect.ValueOf(rows))
	if err != nil {
		return nil, err
	}
	return Bundle{"text/plain": textTable(heading, cells, total), "text/html": htmlTable(heading, cells, total)}, nil
}

func table(v reflect.Value) (heading []string, cells [][]string, total int, err error) {
	for v.Kind() == reflect.Pointer || v.Kind() == reflect.Interface {
		v = v.Elem()
	}
	switch v.Kind() {
	case reflect.Map:
		keys := v.MapKeys()
		slices.SortFunc(keys, compare)
		for _, k := range keys[:min(len(keys), MaxRows)] {
			cells = append(cells, []string{format(k), format(v.MapIndex(k))})
		}
		return []string{"key", "value"}, cells, len(keys), nil
	case reflect.Slice, reflect.Array:
	default:
		return nil, nil, 0, fmt.Errorf("display a table: want a slice, an array or a map, have %s", kindOf(v))
	}
	total = v.Len()
	shown := min(total, MaxRows)
	elem := v.Type().Elem()
	for elem.Kind() == reflect.Pointer {
		elem = elem.Elem()
	}
	switch elem.Kind() {
	case reflect.Struct:
		for i := range elem.NumField() {
			heading = append(heading, elem.Field(i).Name)
		}
		for i := range shown {
			row := v.Index(i)
			for row.Kind() == reflect.Pointer && !row.IsNil() {
				row = row.Elem()
			}
			line := make([]string, len(heading))
			if row.Kind() == reflect.Struct {
				for j := range line {
					line[j] = format(row.Field(j))
				}
			}
			cells = append(cells, line)
		}
	case reflect.Map:
		keys := map[string]bool{}
		for i := range shown {
			for _, k := range v.Index(i).MapKeys() {
				keys[format(k)] = true
			}
		}
		for k := range keys {
			heading = append(heading, k)
		}
		slices.Sort(heading)
		for i := range shown {
			line := make([]string, len(heading))
			for _, k := range v.Index(i).MapKeys() {
				j, _ := slices.BinarySearch(heading, format(k))
				line[j] = format(v.Index(i).MapIndex(k))
			}
			cells = append(cells, line)
		}
	case reflect.Slice, reflect.Array:
		for i := range shown {
			row := v.Index(i)
			line := make([]string, row.Len())
			for j := range line {
				line[j] = format(row.Index(j))
			}
			if i == 0 {
				heading = line
				continue
			}
			cells = append(cells, line)
		}
		total = max(0, total-1)
	default:
		heading = []string{"value"}
		for i := range shown {
			cells = append(cells, []string{format(v.Index(i))})
		}
	}
	return heading, cells, total, nil
}

func kindOf(v reflect.Value) string {
	if !v.IsValid() {
		return "nil"
	}
	return v.Type().String()
}

// compare orders map keys: numbers by value, all else by text.
func compare(a, b reflect.Value) int {
	switch {
	case a.CanInt() && b.CanInt():
		return cmp.Compare(a.Int(), b.Int())
	case a.CanUint() && b.CanUint():
		return cmp.Compare(a.Uint(), b.Uint())
	case a.CanFloat() && b.CanFloat():
		return cmp.Compare(a.Float(), b.Float())
	}
	return cmp.Compare(format(a), format(b))
}

func format(v reflect.Value) string {
	if !v.IsValid() {
		return ""
	}
	return fmt.Sprintf("%v", v)
}

func htmlTable(heading []string, cells [][]string, total int) string {
	var b strings.Builder
	b.WriteString("<table><thead><tr>")
	for _, h := range heading {
		b.WriteString("<th>" + html.EscapeString(h) + "</th>")
	}
	b.WriteString("</tr></thead><tbody>")
	for _, row := range cells {
		b.WriteString("<tr>")
		for _, c := range row {
			b.WriteString(`<td style="text-align:left">` + html.EscapeString(c) + "</td>")
		}
		b.WriteString("</tr>")
	}
	b.WriteString("</tbody></table>")
	if total > len(cells) {
		fmt.Fprintf(&b, "<p>… %d more rows</p>", total-len(cells))
	}
	return b.String()
}

func textTable(heading []string, cells [][]string, total int) string {
	width := make([]int, len(heading))
	measure := func(row []string) {
		for i, c := range row {
			if i == len(width) {
				width = append(width, 0)
			}
			width[i] = max(width[i], utf8.RuneCountInString(c))
		}
	}
	measure(heading)
	for _, row := range cells {
		measure(row)
	}
	var b strings.Builder
	line := func(row []string) {
		var l strings.Builder
		for i, c := range row {
			fmt.Fprintf(&l, "%-*s  ", width[i], c)
		}
		b.WriteString(strings.TrimRight(l.String(), " ") + "\n")
	}
	line(heading)
	rule := make([]string, len(heading))
	for i := range rule {
		rule[i] = strings.Repeat("─", width[i])
	}
	line(rule)
	for _, row := range cells {
		line(row)
	}
	if total > len(cells) {
		fmt.Fprintf(&b, "… %d more rows\n", total-len(cells))
	}
	return strings.TrimRight(b.String(), "\n")
}
