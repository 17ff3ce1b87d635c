package main

import (
	"fmt"

	"github.com/spf13/cobra"

	"sockbook/kernel/hint"
)

func newCompletionCommand() *cobra.Command {
	return &cobra.Command{
		Use:       "completion bash|zsh|fish",
		Short:     "Print the script that completes sockbook's commands in a shell",
		ValidArgs: []string{"bash", "zsh", "fish"},
		Args:      someArgs(1, 1),
		Long: `Completion prints the script that makes a shell complete sockbook's commands
and options. To have it in every new shell:

  bash:  sockbook completion bash > ~/.local/share/bash-completion/completions/sockbook
  zsh:   sockbook completion zsh > "${fpath[1]}/_sockbook"
  fish:  sockbook completion fish > ~/.config/fish/completions/sockbook.fish`,
		RunE: func(cmd *cobra.Command, args []string) error {
			root, out := cmd.Root(), cmd.OutOrStdout()
			switch args[0] {
			case "bash":
				return root.GenBashCompletionV2(out, true)
			case "zsh":
				return root.GenZshCompletion(out)
			case "fish":
				return root.GenFishCompletion(out, true)
			}
			return hint.Add(fmt.Errorf("no completion for the shell %q", args[0]), "there is bash, zsh and fish.")
		},
	}
}
