package dev.parley.client.command;

import dev.parley.protocol.Address;
import dev.parley.protocol.ClientFrame.Since;
import dev.parley.protocol.Cursor;
import dev.parley.protocol.ProtocolException;
import dev.parley.protocol.ServerFrame;
import dev.parley.protocol.json.FrameWriter;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/**
 * {@code parley tail}: prints what comes to groups, the inbox or everyone, one line of JSON a message. The backlog of a group comes with its join; that of
 * channels that are followed anyway is read as history, up to where the welcome says that live messages begin.
 */
@Command(
        name = "tail",
        description = "Prints the messages of groups, of your inbox or to everyone as they come.",
        mixinStandardHelpOptions = true,
        versionProvider = ParleyCommand.Version.class,
        footer = {"", "Each message is one line of JSON, as on the wire. Ends after --count messages, or never."})
final class TailCommand implements Callable<Integer> {
    /** Messages between the client's thread and the printing: when it is full, reading from the socket pauses. */
    private static final int BUFFERED = 256;

    @Spec
    private CommandSpec spec;

    @Mixin
    private ServerOptions server;

    @Option(
            names = {"--user", "--as"},
            paramLabel = "NAME",
            description = "The name to be known by, as a guest.")
    private String name;

    @Option(names = "--group", paramLabel = "GROUP", description = "A group; may be given several times.")
    private List<String> groups = new ArrayList<>();

    @Option(names = "--inbox", description = "Messages to you, also those to this connection.")
    private boolean inbox;

    @Option(names = "--all", description = "Messages to everyone.")
    private boolean all;

    @Option(
            names = "--since",
            paramLabel = "EPOCH:SEQ",
            description = "Begin after this place of the one channel that is asked for.")
    private String since;

    @Option(names = "--last", paramLabel = "N", description = "Begin with the last N messages of each channel.")
    private Long last;

    @Option(
            names = {"-n", "--count"},
            paramLabel = "N",
            description = "End after N messages.")
    private Long count;

    @Option(
            names = "--output",
            paramLabel = "json|text",
            defaultValue = "json",
            description = "How to print messages (default: ${DEFAULT-VALUE}).")
    private OutputFormat output;

    private final BlockingQueue<ServerFrame.Message> coming = new ArrayBlockingQueue<>(BUFFERED);
    private final Set<String> wanted = new HashSet<>();
    private long printed;

    @Override
    public Integer call() {
        Since from = from();
        try (Hub hub = new Hub(spec, server, name, this::enqueue, presence -> {})) {
            ServerFrame.Welcome welcome = hub.connect();
            if (all) {
                follow(hub, welcome, Address.EVERYONE, from);
            }
            if (inbox) {
                follow(hub, welcome, new Address.User(welcome.user().id()), from);
                wanted.add(new Address.Connection(welcome.connection()).channel());
            }
            for (String group : groups) {
                follow(hub, welcome, new Address.Group(group), from);
            }
            while (!enough()) {
                ServerFrame.Message message = coming.poll(200, TimeUnit.MILLISECONDS);
                if (message != null && wanted.contains(message.channel())) {
                    print(message);
                } else if (message == null && hub.over().isDone()) {
                    hub.over().get();
                }
            }
            return ExitCode.OK;
        } catch (ExecutionException e) {
            throw Hub.failure(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return ExitCode.UNREACHABLE;
        }
    }

    private Since from() {
        int channels = groups.size() + (inbox ? 1 : 0) + (all ? 1 : 0);
        if (channels == 0) {
            throw usage("Which messages? Give --group, --inbox or --all.");
        } else if (since != null && last != null) {
            throw usage("--since and --last exclude each other.");
        } else if (since != null && channels > 1) {
            throw usage("--since is a place in one channel, but several are asked for.");
        } else if (last != null && last < 0 || count != null && count < 0) {
            throw usage("A count is not negative.");
        }
        groups.forEach(Address.Group::new);
        if (since == null) {
            return last == null ? null : new Since.Last(last);
        }
        try {
            int colon = since.lastIndexOf(':');
            return new Since.After(
                    new Cursor(since.substring(0, Math.max(0, colon)), Long.parseLong(since.substring(colon + 1))));
        } catch (NumberFormatException | ProtocolException e) {
            throw usage("--since is EPOCH:SEQ, as in the messages printed.");
        }
    }

    private ParameterException usage(String sentence) {
        return new ParameterException(spec.commandLine(), sentence);
    }

    private void follow(Hub hub, ServerFrame.Welcome welcome, Address channel, Since from) {
        wanted.add(channel.channel());
        Backlog backlog = Backlog.of(hub, welcome, channel);
        if (backlog != null) {
            backlog.read(from).forEach(this::print);
        } else if (channel instanceof Address.Group group) {
            hub.await(hub.client().join(group.name(), from));
        }
    }

    /** On the client's thread; waits when there is no room, which pauses the reading. */
    private void enqueue(ServerFrame.Message message) {
        try {
            coming.put(message);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private boolean enough() {
        return count != null && printed >= count || Terminal.outputClosed();
    }

    private void print(ServerFrame.Message message) {
        if (enough()) {
            return;
        }
        printed++;
        if (output == OutputFormat.JSON) {
            Terminal.print(FrameWriter.write(message));
        } else {
            Terminal.print(message.channel() + " " + ChatText.line(message.envelope()));
        }
    }
}
