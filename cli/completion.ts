/** Shell completion: commands, options and the values that options and arguments choose from. */
import type { Command } from "commander";

export const SHELLS = ["bash", "zsh"] as const;
export type Shell = (typeof SHELLS)[number];

/** A script for the shell to source. File names complete wherever nothing else does. */
export function completionScript(program: Command, shell: Shell): string {
    return shell === "bash" ? bashScript(program) : zshScript(program);
}

function bashScript(program: Command): string {
    const name = program.name();
    return `# bash completion of ${name}: source <(${name} completion bash)
_${name}() {
    local candidates command= previous=\${COMP_WORDS[COMP_CWORD - 1]}
    if [ "$COMP_CWORD" -gt 1 ]; then command=\${COMP_WORDS[1]}; fi
${candidateCases(program)}
    COMPREPLY=($(compgen -W "$candidates" -- "\${COMP_WORDS[COMP_CWORD]}"))
}
complete -o default -F _${name} ${name}
`;
}

function zshScript(program: Command): string {
    const name = program.name();
    return `#compdef ${name}
# zsh completion of ${name}: source <(${name} completion zsh)
_${name}() {
    local candidates command= previous=$words[CURRENT-1]
    if (( CURRENT > 2 )); then command=$words[2]; fi
${candidateCases(program)}
    compadd -- \${=candidates} || _files
}
compdef _${name} ${name}
`;
}

/** Sets `candidates` by the first word and the one before the cursor. An option with a free value has none. */
function candidateCases(program: Command): string {
    const cases = program.commands.flatMap((command) => [
        ...valueCases(command, `${command.name()}:`),
        [`${command.name()}:*`, [...argumentChoices(command), ...flagsOf(command)]] as const,
    ]);
    const root = [
        ...valueCases(program, "*:"),
        ["*", [...program.commands.map((command) => command.name()), ...flagsOf(program)]] as const,
    ];
    const lines = [...cases, ...root].map(
        ([pattern, words]) => `        ${pattern}) candidates="${words.join(" ")}" ;;`,
    );
    return ['    case "$command:$previous" in', ...lines, "    esac"].join("\n");
}

function valueCases(command: Command, prefix: string): (readonly [string, readonly string[]])[] {
    return command.options
        .filter(({ required, optional }) => required || optional)
        .map(({ short, long, argChoices }) => {
            const flags = [short, long].filter((flag) => flag !== undefined && flag !== null);
            return [flags.map((flag) => `${prefix}${flag}`).join("|"), argChoices ?? []] as const;
        });
}

function argumentChoices(command: Command): string[] {
    return command.registeredArguments.flatMap(({ argChoices }) => argChoices ?? []);
}

function flagsOf(command: Command): string[] {
    const flags = command.options.map(({ long, short }) => long ?? short ?? "");
    return [...flags, "--help"];
}
