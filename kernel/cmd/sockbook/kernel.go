package main

import (
	"cmp"
	"context"
	"fmt"
	"log/slog"
	"os"
	"os/signal"
	"path/filepath"
	"runtime"
	"slices"
	"strconv"
	"syscall"
	"time"

	"github.com/spf13/cobra"

	"sockbook/kernel/history"
	"sockbook/kernel/jupyter"
	"sockbook/kernel/kernelspec"
	"sockbook/kernel/session"
	"sockbook/kernel/stage"
	"sockbook/kernel/transport"
	"sockbook/kernel/worker"
)

func newKernelCommand() *cobra.Command {
	var logLevel slog.LevelVar
	logLevel.Set(slog.LevelWarn)
	var memory int64
	cmd := &cobra.Command{
		Use:   "kernel CONNECTION_FILE",
		Short: "Be a kernel for a Jupyter frontend, which starts this by itself",
		Long: `Kernel serves one notebook or console. Jupyter starts it, as the kernelspec that
"sockbook install" makes tells it, and passes the connection file.`,
		Args: someArgs(1, 1),
		RunE: func(cmd *cobra.Command, args []string) error {
			log := slog.New(slog.NewTextHandler(os.Stderr, &slog.HandlerOptions{Level: &logLevel}))
			return serveKernel(cmd.Context(), args[0], memory<<20, log)
		},
	}
	cmd.Flags().TextVar(&logLevel, "log", &logLevel, "least `LEVEL` of what is logged to standard error: debug, info, warn or error")
	cmd.Flags().Int64Var(&memory, "memory", worker.DefaultMemory>>20, "most `MIB` of memory that a Go process of cells may use")
	return cmd
}

func serveKernel(ctx context.Context, connectionFile string, memory int64, log *slog.Logger) error {
	// SIGINT may be ignored from the launcher on; Notify makes it arrive.
	interrupts := make(chan os.Signal, 1)
	signal.Notify(interrupts, os.Interrupt)
	ctx, stop := signal.NotifyContext(ctx, syscall.SIGTERM)
	defer stop()

	connection, err := jupyter.ReadConnection(connectionFile)
	if err != nil {
		return err
	}
	self, err := os.Executable()
	if err != nil {
		return fmt.Errorf("find this program: %w", err)
	}
	config := stage.Config{Program: self, Env: workerEnv(), Memory: memory, Log: log}
	processes := stage.New(config)
	tutor := newTutor(processes, config, "")
	origin := jupyter.NewOrigin(jupyter.NewID(), username(), time.Now)
	wire, err := transport.Listen(connection, origin, log)
	if err != nil {
		return err
	}
	defer wire.Close()
	s := session.New(session.Config{
		Wire: wire, Origin: origin, History: history.Open(historyFile()),
		Process:    func(name string) (session.Worker, error) { return processes.Process(cmp.Or(name, stage.Main)) },
		Asked:      func(name string) (session.Worker, error) { return processes.Asked(cmp.Or(name, stage.Main)) },
		Directives: slices.Concat(processes.Directives(), tutor.Directives()), Instead: tutor.Instead, Reset: processes.Reset, Close: processes.Close,
		Connection: wire.Connection(), Version: version(), Log: log,
	})
	go func() { // the first cell finds it ready, or reports what is wrong
		if err := processes.Start(); err != nil {
			log.Warn("start a process", "err", err)
		}
		if _, err := processes.Lab(); err != nil {
			embedded() // without hosts each cell is looked for in the lessons
		}
	}()
	go func() {
		for range interrupts {
			s.Interrupt()
		}
	}()
	s.Serve(watchParent(ctx))
	return nil
}

// watchParent ends the context when the process that started the kernel is
// gone without a shutdown_request: JPY_PARENT_PID is how Jupyter's own
// launcher asks for that.
func watchParent(ctx context.Context) context.Context {
	pid, err := strconv.Atoi(os.Getenv("JPY_PARENT_PID"))
	if err != nil || pid != os.Getppid() {
		return ctx
	}
	ctx, cancel := context.WithCancel(ctx)
	go func() {
		for range time.Tick(time.Second) {
			if os.Getppid() != pid {
				cancel()
				return
			}
		}
	}()
	return ctx
}

// workerEnv is the environment of cells: nothing of Jupyter's tokens. Go's
// runtime would keep descriptors of the control group open, to see how many
// processors there are, and a learner's third socket would not be 5; so it is
// told how many, and worker.Main takes that away.
func workerEnv() []string {
	env := []string{"GODEBUG=containermaxprocs=0", "GOMAXPROCS=" + strconv.Itoa(runtime.GOMAXPROCS(0))}
	for _, name := range []string{"PATH", "HOME", "USER", "LOGNAME", "LANG", "LC_ALL", "TZ", "TMPDIR"} {
		if value, ok := os.LookupEnv(name); ok {
			env = append(env, name+"="+value)
		}
	}
	return env
}

func username() string {
	for _, name := range []string{"LOGNAME", "USER"} {
		if value := os.Getenv(name); value != "" {
			return value
		}
	}
	return "kernel"
}

// historyFile is where history is kept; "" (not at all) where there is no home.
func historyFile() string {
	data, err := kernelspec.DataHome()
	if err != nil {
		return ""
	}
	return filepath.Join(data, "sockbook", "history.jsonl")
}
