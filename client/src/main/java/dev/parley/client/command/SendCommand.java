package dev.parley.client.command;

import dev.parley.client.MessageIds;
import dev.parley.client.ParleyClient;
import dev.parley.client.ParleyException;
import dev.parley.client.SendOptions;
import dev.parley.protocol.Address;
import dev.parley.protocol.Envelope;
import dev.parley.protocol.ErrorCode;
import dev.parley.protocol.RawJson;
import dev.parley.protocol.ServerFrame.Result.Sent;
import dev.parley.protocol.json.FrameWriter;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code parley send}: sends one message to anybody and waits until the hub has it. */
@Command(
        name = "send",
        description = "Sends a message and waits until the hub has it.",
        mixinStandardHelpOptions = true,
        versionProvider = ParleyCommand.Version.class,
        footer = {
            "",
            "Prints where the message stands: its channel, its number there (- where nothing is kept) and its id.",
            "A group that must be joined first is joined."
        })
final class SendCommand implements Callable<Integer> {

    @Spec
    private CommandSpec spec;

    @Mixin
    private ServerOptions server;

    @Option(names = "--as", paramLabel = "NAME", description = "The name to be known by, as a guest.")
    private String name;

    @ArgGroup(multiplicity = "1", heading = "To whom:%n")
    private Target target;

    /** Exactly one address. */
    private static final class Target {
        @Option(names = "--all", description = "Everyone.")
        private boolean all;

        @Option(names = "--group", paramLabel = "GROUP", description = "The members of a group.")
        private String group;

        @Option(names = "--user", paramLabel = "ID", description = "A user, by id; on all devices.")
        private String user;

        @Option(names = "--connection", paramLabel = "ID", description = "One connection; nothing is kept.")
        private String connection;

        private Address address() {
            if (group != null) {
                return new Address.Group(group);
            } else if (user != null) {
                return new Address.User(user);
            }
            return all ? Address.EVERYONE : new Address.Connection(connection);
        }
    }

    @Option(names = "--json", description = "The data is JSON; otherwise it is text, and sent as {\"text\": …}.")
    private boolean json;

    @Option(
            names = "--event",
            paramLabel = "EVENT",
            defaultValue = Envelope.DEFAULT_EVENT,
            description = "What kind of message (default: ${DEFAULT-VALUE}).")
    private String event;

    @Option(
            names = "--message-id",
            paramLabel = "ID",
            description = "Send it once only under this id, however often this command is repeated.")
    private String messageId;

    @Option(
            names = "--output",
            paramLabel = "text|json",
            defaultValue = "text",
            description = "How to print the result (default: ${DEFAULT-VALUE}).")
    private OutputFormat output;

    @Parameters(
            arity = "0..1",
            paramLabel = "DATA",
            description = "The data; from standard input where it is missing or -.")
    private String data;

    @Override
    public Integer call() {
        Address to = target.address();
        RawJson payload = payload();
        // One id for all attempts, so that a retry after joining is the same message.
        String id = messageId == null ? MessageIds.next() : messageId;
        SendOptions options =
                SendOptions.DEFAULT.withEvent(event).withMessageId(id).withoutEcho();
        try (Hub hub = new Hub(spec, server, name, message -> {}, presence -> {})) {
            hub.connect();
            Sent sent;
            try {
                sent = hub.await(hub.client().send(to, payload, options));
            } catch (ParleyException e) {
                if (!(to instanceof Address.Group group)
                        || e.code().filter(ErrorCode.NOT_JOINED::equals).isEmpty()) {
                    throw e;
                }
                sent = joinAndSend(hub, group, payload, options);
            }
            print(sent);
        }
        return ExitCode.OK;
    }

    private static Sent joinAndSend(Hub hub, Address.Group group, RawJson payload, SendOptions options) {
        ParleyClient client = hub.client();
        hub.await(client.join(group.name()));
        return hub.await(client.send(group, payload, options));
    }

    private RawJson payload() {
        String text = data == null || data.equals("-") ? readAll() : data;
        try {
            return json ? ChatText.ofJson(text) : ChatText.of(text);
        } catch (IllegalArgumentException e) {
            throw new ParameterException(spec.commandLine(), e.getMessage(), e);
        }
    }

    /** Standard input without its last line break. */
    private static String readAll() {
        try (var input = Terminal.input()) {
            return input.lines().collect(Collectors.joining("\n"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void print(Sent sent) {
        if (output == OutputFormat.JSON) {
            Terminal.print(FrameWriter.result(sent));
        } else {
            String seq = sent.at() == null ? "-" : Long.toString(sent.at().seq());
            Terminal.print(
                    sent.channel() + " " + seq + " " + sent.messageId() + (sent.duplicate() ? " duplicate" : ""));
        }
    }
}
