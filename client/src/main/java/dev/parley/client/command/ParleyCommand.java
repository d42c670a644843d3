package dev.parley.client.command;

import dev.parley.client.ParleyException;
import dev.parley.client.bench.BenchException;
import dev.parley.protocol.ErrorCode;
import dev.parley.protocol.ProtocolException;
import picocli.AutoComplete;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.IVersionProvider;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The {@code parley} command: the JVM starts it, it hands over to one of its subcommands. */
@Command(
        name = "parley",
        description = "Talks to a Parley hub.",
        mixinStandardHelpOptions = true,
        versionProvider = ParleyCommand.Version.class,
        subcommands = {
            ChatCommand.class,
            SendCommand.class,
            TailCommand.class,
            BenchCommand.class,
            CommandLine.HelpCommand.class,
            AutoComplete.GenerateCompletion.class
        },
        synopsisSubcommandLabel = "COMMAND",
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {
            "0:done",
            "1:refused by the server; its error code is on standard error",
            "2:wrong usage",
            "3:cannot connect, or no answer in time",
            "130:interrupted"
        },
        footer = {
            "",
            "PARLEY_URL and PARLEY_TOKEN in the environment stand in for --url and --token.",
            "Completion for bash and zsh: source <(parley generate-completion)"
        })
public final class ParleyCommand implements Runnable {

    @Spec
    private CommandSpec spec;

    /** The version of the jar that this runs from. */
    static final class Version implements IVersionProvider {
        @Override
        public String[] getVersion() {
            return new String[] {"parley " + number()};
        }

        static String number() {
            String version = ParleyCommand.class.getPackage().getImplementationVersion();
            return version == null ? "development" : version;
        }
    }

    /** Runs the command and ends the JVM with its exit code. */
    public static void main(String[] args) {
        System.exit(commandLine().execute(args));
    }

    private static CommandLine commandLine() {
        CommandLine line = new CommandLine(new ParleyCommand());
        line.setCaseInsensitiveEnumValuesAllowed(true);
        line.setExecutionExceptionHandler((failure, failed, parsed) -> {
            if (failure instanceof ProtocolException malformed) { // a name that is none
                Terminal.note(malformed.detail());
                return ExitCode.USAGE;
            }
            if (failure instanceof ParleyException told) {
                if (told.kind() != ParleyException.Kind.CLOSED) { // that is Ctrl-C, which needs no explanation
                    Terminal.note(sentence(told));
                }
                return ExitCode.of(told);
            }
            if (failure instanceof BenchException without) {
                Terminal.note(without.getMessage());
                return ExitCode.UNREACHABLE;
            }
            Terminal.note("internal error: " + failure);
            return ExitCode.REFUSED;
        });
        return line;
    }

    /** What went wrong, with the server's code where it gave one. */
    static String sentence(ParleyException failure) {
        return failure.code().map(ErrorCode::wire).map(code -> code + ": ").orElse("") + failure.getMessage();
    }

    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "Which command?");
    }
}
