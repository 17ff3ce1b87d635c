// Game of Life, mazes, graphs: BFS, Dijkstra, topological sort, union-find,
// knight's tour counts, permutations, queens, memo.
package main

import (
	"container/heap"
	"errors"
	"fmt"
	"math"
	"sort"
	"strings"
)

type World [][]bool

func Parse(s string) (w World) {
	for _, line := range strings.Split(strings.TrimSpace(s), "\n") {
		row := make([]bool, len(line))
		for x, c := range line {
			row[x] = c == '#'
		}
		w = append(w, row)
	}
	return
}

func (w World) Alive(x, y int) bool {
	h := len(w)
	y = (y%h + h) % h
	l := len(w[y])
	return w[y][(x%l+l)%l]
}

func (w World) Next() World {
	n := make(World, len(w))
	for y := range w {
		n[y] = make([]bool, len(w[y]))
		for x := range w[y] {
			count := 0
			for dy := -1; dy <= 1; dy++ {
				for dx := -1; dx <= 1; dx++ {
					if (dx != 0 || dy != 0) && w.Alive(x+dx, y+dy) {
						count++
					}
				}
			}
			n[y][x] = count == 3 || count == 2 && w[y][x]
		}
	}
	return n
}

func (w World) String() string {
	var b strings.Builder
	for _, row := range w {
		for _, c := range row {
			b.WriteByte(map[bool]byte{true: '#', false: '.'}[c])
		}
		b.WriteByte('/')
	}
	return b.String()
}

type Point struct{ X, Y int }

func (p Point) Add(q Point) Point { return Point{p.X + q.X, p.Y + q.Y} }

var dirs = [4]Point{{0, 1}, {1, 0}, {0, -1}, {-1, 0}}

func solve(maze []string) ([]Point, error) {
	var start, end Point
	for y, row := range maze {
		if x := strings.IndexByte(row, 'S'); x >= 0 {
			start = Point{x, y}
		}
		if x := strings.IndexByte(row, 'E'); x >= 0 {
			end = Point{x, y}
		}
	}
	from := map[Point]*Point{start: nil}
	for queue := []Point{start}; len(queue) > 0; queue = queue[1:] {
		p := queue[0]
		if p == end {
			var path []Point
			for at := &p; at != nil; at = from[*at] {
				path = append([]Point{*at}, path...)
			}
			return path, nil
		}
		for _, d := range dirs {
			q := p.Add(d)
			if _, seen := from[q]; !seen && q.Y >= 0 && q.Y < len(maze) && q.X >= 0 && q.X < len(maze[q.Y]) && maze[q.Y][q.X] != '#' {
				from[q] = &p
				queue = append(queue, q)
			}
		}
	}
	return nil, errors.New("no way")
}

type Graph map[string]map[string]int

type item struct {
	node string
	dist int
}
type pq []item

func (q pq) Len() int           { return len(q) }
func (q pq) Less(i, j int) bool { return q[i].dist < q[j].dist }
func (q pq) Swap(i, j int)      { q[i], q[j] = q[j], q[i] }
func (q *pq) Push(x any)        { *q = append(*q, x.(item)) }
func (q *pq) Pop() any          { o := *q; x := o[len(o)-1]; *q = o[:len(o)-1]; return x }

func (g Graph) Edge(a, b string, w int) Graph {
	for _, p := range [][2]string{{a, b}, {b, a}} {
		if g[p[0]] == nil {
			g[p[0]] = make(map[string]int)
		}
		g[p[0]][p[1]] = w
	}
	return g
}

func (g Graph) Dijkstra(from string) map[string]int {
	dist := make(map[string]int)
	for n := range g {
		dist[n] = math.MaxInt
	}
	dist[from] = 0
	q := &pq{{from, 0}}
	for q.Len() > 0 {
		it := heap.Pop(q).(item)
		if it.dist > dist[it.node] {
			continue
		}
		for n, w := range g[it.node] {
			if d := it.dist + w; d < dist[n] {
				dist[n] = d
				heap.Push(q, item{node: n, dist: d})
			}
		}
	}
	return dist
}

type CycleError []string

func (c CycleError) Error() string { return "cycle: " + strings.Join(c, " -> ") }

func topo(deps map[string][]string) (order []string, err error) {
	state := map[string]int{}
	var visit func(string, []string) error
	visit = func(n string, path []string) error {
		switch path = append(path, n); state[n] {
		case 1:
			return CycleError(path)
		case 2:
			return nil
		}
		state[n] = 1
		for _, d := range deps[n] {
			if err := visit(d, path); err != nil {
				return err
			}
		}
		state[n] = 2
		order = append(order, n)
		return nil
	}
	var names []string
	for n := range deps {
		names = append(names, n)
	}
	sort.Strings(names)
	for _, n := range names {
		if err := visit(n, nil); err != nil {
			return nil, err
		}
	}
	return order, nil
}

type UF struct{ parent, size []int }

func (u *UF) find(x int) int {
	for u.parent[x] != x {
		u.parent[x], x = u.parent[u.parent[x]], u.parent[x]
	}
	return x
}

func queens(n int) (count int, firstSol []int) {
	cols, d1, d2 := make([]bool, n), make(map[int]bool), map[int]bool{}
	board := make([]int, 0, n)
	var place func(r int)
	place = func(r int) {
		if r == n {
			if count++; firstSol == nil {
				firstSol = append(firstSol, board...)
			}
			return
		}
		for c := range n {
			if cols[c] || d1[r+c] || d2[r-c] {
				continue
			}
			cols[c], d1[r+c], d2[r-c] = true, true, true
			board = append(board, c)
			place(r + 1)
			board = board[:r]
			cols[c], d1[r+c], d2[r-c] = false, false, false
		}
	}
	place(0)
	return
}

func memo[K comparable, V any](f func(self func(K) V, k K) V) func(K) V {
	cache := map[K]V{}
	var self func(K) V
	self = func(k K) V {
		if v, ok := cache[k]; ok {
			return v
		}
		v := f(self, k)
		cache[k] = v
		return v
	}
	return self
}

func main() {
	w := Parse(`
.#....
..#...
###...
......
......
......`)
	for gen := range 5 {
		if gen == 0 || gen == 4 {
			fmt.Println(gen, w)
		}
		w = w.Next()
	}
	path, err := solve([]string{"S.#.", ".##E", "....", "#.#."})
	fmt.Println(path, err)
	_, err = solve([]string{"S#E"})
	fmt.Println(err)
	g := Graph{}.Edge("a", "b", 7).Edge("a", "c", 3).Edge("c", "b", 1).Edge("b", "d", 2).Edge("x", "y", 1)
	d := g.Dijkstra("a")
	fmt.Println(d["b"], d["c"], d["d"], d["x"] == math.MaxInt)
	fmt.Println(topo(map[string][]string{"app": {"net", "log"}, "net": {"io"}, "log": {"io", "fmt"}, "fmt": nil}))
	_, err = topo(map[string][]string{"a": {"b"}, "b": {"c"}, "c": {"a"}})
	var ce CycleError
	fmt.Println(err, errors.As(err, &ce), len(ce))
	u := UF{parent: []int{0, 1, 2, 3, 4, 5}}
	for _, p := range [][2]int{{0, 1}, {2, 3}, {1, 3}} {
		u.parent[u.find(p[0])] = u.find(p[1])
	}
	fmt.Println(u.find(0) == u.find(2), u.find(0) == u.find(5))
	fmt.Println(queens(6))
	fib := memo(func(self func(int) uint64, n int) uint64 {
		if n < 2 {
			return uint64(n)
		}
		return self(n-1) + self(n-2)
	})
	fmt.Println(fib(90))
	lcs := memo(func(self func([2]string) string, k [2]string) string {
		a, b := k[0], k[1]
		switch {
		case a == "" || b == "":
			return ""
		case a[0] == b[0]:
			return a[:1] + self([2]string{a[1:], b[1:]})
		}
		x, y := self([2]string{a[1:], b}), self([2]string{a, b[1:]})
		if len(x) >= len(y) {
			return x
		}
		return y
	})
	fmt.Println(lcs([2]string{"AGGTABXYZ", "GXTXAYBQZ"}))
}
