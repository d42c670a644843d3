package dev.parley.client.command;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.parley.client.Peer;
import dev.parley.client.PlayedServer;
import dev.parley.protocol.ClientFrame;
import dev.parley.protocol.ClientFrame.Since;
import dev.parley.protocol.Cursor;
import java.io.IOException;
import java.math.BigInteger;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(60)
class CommandIT {
    private static final String ALL = "{\"channel\":\"all\",\"epoch\":\"a1\",\"seq\":3}";
    private static final String INBOX = "{\"channel\":\"user/u1\",\"epoch\":\"i1\",\"seq\":7}";

    private final PlayedServer server = new PlayedServer();
    private final List<RunningCommand> running = new ArrayList<>();

    @AfterEach
    void closeAll() {
        running.forEach(RunningCommand::close);
        server.close();
    }

    private RunningCommand parley(String... arguments) throws IOException {
        RunningCommand command = new RunningCommand(arguments);
        running.add(command);
        return command;
    }

    /** With the played server's address at the end. */
    private RunningCommand parleyHere(String... arguments) throws IOException {
        List<String> all = new ArrayList<>(List.of(arguments));
        all.addAll(
                all.get(0).equals("bench") ? 2 : 1,
                List.of("--url", server.url().toString()));
        return parley(all.toArray(String[]::new));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "--help",
                "chat --help",
                "send --help",
                "tail --help",
                "bench --help",
                "bench fan-out --help",
                "--version",
                "help send"
            })
    void helpIsAResult(String arguments) throws Exception {
        RunningCommand help = parley(arguments.split(" "));
        assertThat(help.exitCode()).isZero();
        assertThat(help.restOfOut()).contains("parley");
        assertThat(help.restOfErr()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "dance",
                "send hello",
                "send --all --group x hello",
                "send --group no/such/name hello",
                "send --group x --json {\"a\":",
                "send --group x --json 1 2",
                "send --url http://localhost/ --all hello",
                "tail",
                "tail --group x --since nonsense",
                "tail --group x --group y --since e:1",
                "chat --last many",
                "bench",
                "bench dance",
                "bench fan-out --url wss://localhost/v1/connect",
                "bench fan-out --rate -1",
                "bench fan-out --size 3",
                "bench fan-out --seconds 0",
                "bench direct -c 3",
                "bench groups --members 9-2",
                "bench groups --members 20 -c 10",
                "bench idle --server-pid 0",
                "bench idle --tokens /no/such/file"
            })
    void wrongUsageIsExplainedOnStandardError(String arguments) throws Exception {
        RunningCommand wrong = parley(arguments.isEmpty() ? new String[0] : arguments.split(" "));
        wrong.endInput();
        assertThat(wrong.exitCode()).isEqualTo(2);
        assertThat(wrong.restOfOut()).isEmpty();
        assertThat(wrong.restOfErr()).isNotBlank().doesNotContain("\tat ").doesNotContain("Exception");
    }

    @Test
    void aHubThatIsNotThereIsSaidInOneLine() throws Exception {
        server.close();
        RunningCommand send = parleyHere("send", "--all", "hello");
        assertThat(send.exitCode()).isEqualTo(3);
        assertThat(send.restOfOut()).isEmpty();
        assertThat(send.restOfErr())
                .isEqualToIgnoringCase("parley: cannot connect to " + server.url() + ": connection refused\n");
    }

    @Test
    void aBenchOfAHubThatIsNotThereSaysWhy() throws Exception {
        server.close();
        RunningCommand bench = parleyHere("bench", "idle");
        bench.endInput();
        assertThat(bench.exitCode()).isEqualTo(3);
        assertThat(bench.restOfOut()).isEmpty();
        assertThat(bench.restOfErr())
                .startsWith("parley: only 0 of 1000 connections came about")
                .hasLineCount(1);
    }

    @Test
    void aHubThatDoesNotAnswerIsNotWaitedForLongerThanAsked() throws Exception {
        RunningCommand send = parleyHere("send", "--timeout", "1", "--all", "hello");
        server.accept();
        assertThat(send.exitCode()).isEqualTo(3);
        assertThat(send.restOfErr()).startsWith("parley: no ").hasLineCount(1);
    }

    @Test
    void aMessageIsSentAndItsPlacePrinted() throws Exception {
        RunningCommand send = parleyHere("send", "--group", "lobby", "--message-id", "m-1", "Grüße, 😀");
        Peer peer = server.accept();
        assertThat(peer.welcome(ALL).client().name()).isEqualTo("parley");
        ClientFrame.Send sent = peer.expect(ClientFrame.Send.class);
        assertThat(sent.event()).isEqualTo("message");
        peer.ack(sent, 45);
        assertThat(send.exitCode()).isZero();
        assertThat(send.restOfOut()).isEqualTo("group/lobby 45 m-1\n");
        assertThat(send.restOfErr()).isEmpty();
        assertThat(peer.closeCode()).isEqualTo(1000);
    }

    @Test
    void jsonFromStandardInputIsSentAsItIs() throws Exception {
        RunningCommand send = parleyHere("send", "--all", "--json", "--event", "price", "--output", "json");
        send.type("{\"p\":\n 1.10}").endInput();
        Peer peer = server.accept();
        peer.welcome(ALL);
        ClientFrame.Send sent = peer.expect(ClientFrame.Send.class);
        assertThat(sent.data().toString()).isEqualTo("{\"p\":  1.10}");
        assertThat(sent.event()).isEqualTo("price");
        peer.ack(sent, 4);
        assertThat(send.exitCode()).isZero();
        assertThat(send.restOfOut())
                .isEqualTo("{\"messageId\":\"" + sent.messageId()
                        + "\",\"channel\":\"all\",\"epoch\":\"e1\",\"seq\":4,\"time\":1,\"duplicate\":false}\n");
    }

    @Test
    void aGroupThatMustBeJoinedFirstIsJoined() throws Exception {
        RunningCommand send = parleyHere("send", "--group", "lobby", "hello");
        Peer peer = server.accept();
        peer.welcome(ALL);
        ClientFrame.Send refused = peer.expect(ClientFrame.Send.class);
        peer.refuse(refused, "not_joined", "");
        ackJoin(peer, 41);
        ClientFrame.Send again = peer.expect(ClientFrame.Send.class);
        assertThat(again.messageId()).isEqualTo(refused.messageId());
        peer.ack(again, 42);
        assertThat(send.exitCode()).isZero();
    }

    @Test
    void aRefusalIsToldWithItsCode() throws Exception {
        RunningCommand send = parleyHere("send", "--user", "nobody", "hello");
        Peer peer = server.accept();
        peer.welcome(ALL);
        peer.refuse(peer.expect(ClientFrame.Send.class), "unknown_user", "");
        assertThat(send.exitCode()).isEqualTo(1);
        assertThat(send.restOfOut()).isEmpty();
        assertThat(send.restOfErr()).isEqualTo("parley: unknown_user: refused: unknown_user\n");
    }

    @Test
    void aTokenThatIsRefusedIsToldAndNotTriedAgain() throws Exception {
        RunningCommand send = parleyHere("send", "--token", "old", "--all", "hello");
        Peer peer = server.accept();
        ClientFrame.Hello hello = peer.expect(ClientFrame.Hello.class);
        assertThat(hello.token()).isEqualTo("old");
        peer.refuse(hello, "token_expired", "");
        peer.close(4100, "token");
        assertThat(send.exitCode()).isEqualTo(1);
        assertThat(send.restOfErr()).isEqualTo("parley: token_expired: refused: token_expired\n");
    }

    @Test
    void aNameIsAGuestsAndMayHaveSpaces() throws Exception {
        server.answerHttp(
                "201 Created", "application/json", "{\"token\":\"g-1\",\"user\":{\"id\":\"u1\"},\"expires\":9}");
        parleyHere("send", "--as", "Ada \"the\" Count", "--all", "hello");
        assertThat(server.httpBody()).isEqualTo("{\"name\":\"Ada \\\"the\\\" Count\"}");
        assertThat(server.accept().expect(ClientFrame.Hello.class).token()).isEqualTo("g-1");
    }

    @Test
    void aHubWithoutGuestsSaysSo() throws Exception {
        server.answerHttp(
                "403 Forbidden",
                "application/problem+json",
                "{\"title\":\"Forbidden\",\"code\":\"forbidden\",\"detail\":\"guests are not let in\"}");
        RunningCommand chat = parleyHere("chat", "--user", "Ada");
        assertThat(chat.exitCode()).isEqualTo(1);
        assertThat(chat.restOfErr()).isEqualTo("parley: forbidden: guests are not let in\n");
    }

    @Test
    void aChatSendsLinesAndPrintsWhatComes() throws Exception {
        RunningCommand chat = parleyHere("chat", "--group", "lobby");
        Peer peer = chatting(chat);
        peer.say(message("group/lobby", 42, "u2", "Bob", "{\"text\":\"hi Ada\"}"));
        assertThat(chat.out()).isEqualTo("Bob: hi Ada");
        peer.say("{\"type\":\"presence\",\"group\":\"lobby\",\"user\":\"u3\",\"name\":\"Cy\",\"state\":\"joined\"}");
        assertThat(chat.out()).isEqualTo("* Cy joined");
        peer.say("{\"type\":\"presence\",\"group\":\"lobby\",\"user\":\"u3\",\"name\":\"Cy\",\"state\":\"left\"}");
        assertThat(chat.out()).isEqualTo("* Cy left");
        peer.say(message("group/lobby", 43, "u2", "Bob", "{\"p\":1}"));
        assertThat(chat.out()).isEqualTo("Bob: {\"p\":1}");
        chat.type("hello 😀");
        ClientFrame.Send sent = peer.expect(ClientFrame.Send.class);
        assertThat(sent.data().toString()).isEqualTo("{\"text\":\"hello 😀\"}");
        assertThat(sent.echo()).isFalse();
        chat.endInput();
        peer.ack(sent, 44);
        ClientFrame.Leave leave = peer.expect(ClientFrame.Leave.class);
        peer.say("{\"type\":\"ack\",\"id\":" + Peer.id(leave.id()) + "}");
        assertThat(chat.exitCode()).isZero();
        assertThat(chat.restOfOut()).isEmpty();
        assertThat(peer.closeCode()).isEqualTo(1000);
    }

    @Test
    void aChatComesBackAndSaysSoOnStandardError() throws Exception {
        RunningCommand chat = parleyHere("chat", "--group", "lobby");
        Peer peer = chatting(chat);
        peer.close(1012, "draining");
        assertThat(chat.err()).startsWith("parley: closed by the server: 1012 draining; trying again in ");
        Peer second = server.accept();
        assertThat(second.welcome(ALL, "{\"channel\":\"group/lobby\",\"epoch\":\"e1\",\"seq\":42,\"recovered\":true}")
                        .resume())
                .contains(new ClientFrame.Resume("group/lobby", new Cursor("e1", 41)));
        assertThat(chat.err()).isEqualTo("parley: connected again");
        second.say(message("group/lobby", 42, "u2", "Bob", "{\"text\":\"there?\"}"));
        assertThat(chat.out()).isEqualTo("Bob: there?");
    }

    @Test
    void othersCannotWriteOnTheTerminalBesidesTheirLine() throws Exception {
        RunningCommand chat = parleyHere("chat", "--group", "lobby");
        Peer peer = chatting(chat);
        peer.say(message("group/lobby", 42, "u2", "Bob\\u001b[2J", "{\"text\":\"a\\u0007\\nAda: b\"}"));
        assertThat(chat.out()).isEqualTo("Bob\uFFFD[2J: a\uFFFD");
        assertThat(chat.out()).isEqualTo("    Ada: b");
    }

    @Test
    void aLineThatIsRefusedIsToldAndRemembered() throws Exception {
        RunningCommand chat = parleyHere("chat", "--group", "lobby", "--token", "t");
        Peer peer = chatting(chat);
        chat.type("hello").endInput();
        peer.refuse(peer.expect(ClientFrame.Send.class), "forbidden", "");
        assertThat(chat.err()).isEqualTo("parley: not sent: forbidden: refused: forbidden");
        assertThat(chat.exitCode()).isEqualTo(1);
    }

    @Test
    void whoIsDisconnectedByAnOperatorStaysAway() throws Exception {
        RunningCommand chat = parleyHere("chat", "--group", "lobby");
        Peer peer = chatting(chat);
        peer.close(4201, "disconnected by an operator");
        assertThat(chat.exitCode()).isEqualTo(1);
        assertThat(chat.restOfErr()).isEqualTo("parley: closed by the server: 4201 disconnected by an operator\n");
    }

    @Test
    void anInterruptLeavesInAnOrderlyWay() throws Exception {
        assumeTrue(canBeInterrupted(), "children of this process ignore SIGINT");
        RunningCommand chat = parleyHere("chat", "--group", "lobby");
        Peer peer = chatting(chat);
        chat.interrupt();
        assertThat(chat.exitCode()).isEqualTo(130);
        assertThat(chat.restOfErr()).isEmpty();
        assertThat(peer.closeCode()).isEqualTo(1000);
    }

    @Test
    void aTailPrintsAGroupsMessagesAsTheyStandOnTheWire() throws Exception {
        RunningCommand tail = parleyHere("tail", "--group", "lobby", "--since", "e1:39", "-n", "2");
        Peer peer = server.accept();
        peer.welcome(ALL);
        assertThat(ackJoin(peer, 41).since()).isEqualTo(new Since.After(new Cursor("e1", 39)));
        String first = message("group/lobby", 40, "u2", "Bob", "{\"text\":\"ü\"}");
        peer.say(message("all", 4, "u2", "Bob", "1").replace("\"e1\"", "\"a1\""));
        peer.say(first);
        peer.say(message("group/lobby", 41, "u2", "Bob", "{}"));
        peer.say(message("group/lobby", 42, "u2", "Bob", "{}"));
        assertThat(tail.exitCode()).isZero();
        assertThat(tail.restOfOut().lines())
                .hasSize(2)
                .first()
                .satisfies(line -> assertThat(line)
                        .startsWith("{\"type\":\"message\",\"channel\":\"group/lobby\",\"epoch\":\"e1\",\"seq\":40,")
                        .contains("\"data\":{\"text\":\"ü\"}"));
    }

    @Test
    void aTailOfTheInboxBeginsWithItsHistory() throws Exception {
        RunningCommand tail = parleyHere("tail", "--inbox", "--last", "2", "-n", "3", "--output", "text");
        Peer peer = server.accept();
        peer.welcome(ALL, INBOX);
        ClientFrame.History history = peer.expect(ClientFrame.History.class);
        assertThat(history.before()).isEqualTo(8);
        assertThat(history.limit()).isEqualTo(2);
        // A live one that overtakes the page is printed behind it.
        peer.say(message("user/u1", 8, "u2", "Bob", "{\"text\":\"new\"}").replace("\"e1\"", "\"i1\""));
        peer.say("{\"type\":\"ack\",\"id\":" + Peer.id(history.id()) + ",\"messages\":["
                + message("user/u1", 6, "u2", "Bob", "{\"text\":\"old\"}") + ","
                + message("user/u1", 7, "u2", "Bob", "{\"text\":\"older\"}") + "],\"more\":true}");
        assertThat(tail.exitCode()).isZero();
        assertThat(tail.restOfOut()).isEqualTo("user/u1 Bob: old\nuser/u1 Bob: older\nuser/u1 Bob: new\n");
    }

    @Test
    void aMembersBacklogIsReadAsHistoryBecauseJoiningGivesNone() throws Exception {
        RunningCommand chat = parleyHere("chat", "--group", "lobby", "--last", "1");
        Peer peer = server.accept();
        peer.welcome(ALL, "{\"channel\":\"group/lobby\",\"epoch\":\"e1\",\"seq\":41,\"role\":\"member\"}");
        ClientFrame.History history = peer.expect(ClientFrame.History.class);
        assertThat(history.before()).isEqualTo(42);
        peer.say(message("group/lobby", 42, "u2", "Bob", "{\"text\":\"live\"}"));
        peer.say("{\"type\":\"ack\",\"id\":" + Peer.id(history.id()) + ",\"messages\":["
                + message("group/lobby", 41, "u2", "Bob", "{\"text\":\"before\"}") + "],\"more\":true}");
        assertThat(chat.out()).isEqualTo("Bob: before");
        assertThat(chat.out()).isEqualTo("Bob: live");
    }

    /** Welcomes a chat into the lobby at 41, where Bob is. */
    private Peer chatting(RunningCommand chat) throws InterruptedException {
        Peer peer = server.accept();
        peer.welcome(ALL);
        ackJoin(peer, 41);
        peer.say("""
                {"type":"ack","id":%s,"users":[{"user":"u2","name":"Bob","devices":1,"since":1}],"count":1}""".formatted(
                        Peer.id(peer.expect(ClientFrame.PresenceQuery.class).id())));
        assertThat(chat.err()).isEqualTo("parley: Ada in lobby; Ctrl-D leaves");
        assertThat(chat.err()).isEqualTo("parley: here: Bob");
        return peer;
    }

    private static ClientFrame.Join ackJoin(Peer peer, long seq) throws InterruptedException {
        ClientFrame.Join join = peer.expect(ClientFrame.Join.class);
        peer.say("{\"type\":\"ack\",\"id\":%s,\"group\":\"lobby\",\"epoch\":\"e1\",\"seq\":%d}"
                .formatted(Peer.id(join.id()), seq));
        return join;
    }

    private static String message(String channel, long seq, String user, String name, String data) {
        return """
                {"type":"message","channel":"%s","epoch":"e1","seq":%d,"to":{"group":"lobby"},\
                "from":{"user":"%s","name":"%s","connection":"n7.13"},"messageId":"m%d","event":"message","time":1,\
                "data":%s}""".formatted(channel, seq, user, name, seq, data);
    }

    /** A shell that runs something in the background has it ignore SIGINT, and its children too, which Java then leaves so. */
    private static boolean canBeInterrupted() throws IOException {
        Path status = Path.of("/proc/self/status");
        if (!Files.exists(status)) {
            return !System.getProperty("os.name").startsWith("Windows");
        }
        String ignored = Files.readAllLines(status).stream()
                .filter(line -> line.startsWith("SigIgn:"))
                .findFirst()
                .orElse("SigIgn: 0")
                .replaceFirst(".*\\s", "");
        int sigint = 2;
        return !new BigInteger(ignored, 16).testBit(sigint - 1);
    }
}
