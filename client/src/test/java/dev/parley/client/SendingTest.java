package dev.parley.client;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.client.ParleyException.Kind;
import dev.parley.protocol.Address;
import dev.parley.protocol.ClientFrame;
import dev.parley.protocol.ErrorCode;
import dev.parley.protocol.RawJson;
import dev.parley.protocol.ServerFrame;
import dev.parley.protocol.ServerFrame.Result;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.Test;

class SendingTest extends ClientTest {

    @Test
    void aSendIsSettledByItsAck() throws Exception {
        ParleyClient client = connecting(quick());
        Peer peer = server.accept();
        peer.welcome();
        CompletionStage<Result.Sent> sent = client.send(LOBBY, HI, SendOptions.DEFAULT.withEvent("greeting"));
        ClientFrame.Send send = peer.expect(ClientFrame.Send.class);
        assertThat(send.to()).isEqualTo(LOBBY);
        assertThat(send.data()).isEqualTo(HI);
        assertThat(send.event()).isEqualTo("greeting");
        assertThat(send.messageId()).matches("[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}");
        peer.ack(send, 45);
        assertThat(result(sent).at().seq()).isEqualTo(45);
        assertThat(result(sent).messageId()).isEqualTo(send.messageId());
    }

    @Test
    void sendsMadeBeforeTheConnectionGoOutInOrderOnceItIsThere() throws Exception {
        ParleyClient client = connecting(quick());
        for (int i = 0; i < 5; i++) {
            client.send(LOBBY, RawJson.of(Integer.toString(i)));
        }
        Peer peer = server.accept();
        peer.welcome();
        for (int i = 0; i < 5; i++) {
            assertThat(peer.expect(ClientFrame.Send.class).data().toString()).isEqualTo(Integer.toString(i));
        }
    }

    @Test
    void whatWasNotAcknowledgedIsSentAgainUnderTheSameMessageId() throws Exception {
        ParleyClient client = connecting(quick());
        Peer first = server.accept();
        first.welcome();
        CompletionStage<Result.Sent> one = client.send(LOBBY, RawJson.of("1"));
        CompletionStage<Result.Sent> two = client.send(LOBBY, RawJson.of("2"));
        CompletionStage<Result.Sent> three = client.send(LOBBY, RawJson.of("3"));
        ClientFrame.Send sentOne = first.expect(ClientFrame.Send.class);
        ClientFrame.Send sentTwo = first.expect(ClientFrame.Send.class);
        first.expect(ClientFrame.Send.class);
        first.ack(sentOne, 1);
        result(one);
        first.cut();

        Peer second = server.accept();
        second.welcome();
        ClientFrame.Send again = second.expect(ClientFrame.Send.class);
        assertThat(again.messageId()).isEqualTo(sentTwo.messageId());
        assertThat(again.data()).isEqualTo(sentTwo.data());
        second.say("""
                {"type":"ack","id":%s,"messageId":"%s","channel":"group/lobby","epoch":"e1","seq":2,"time":1,"duplicate":true}""".formatted(Peer.id(again.id()), again.messageId()));
        assertThat(result(two).duplicate()).isTrue();
        second.ack(second.expect(ClientFrame.Send.class), 3);
        assertThat(result(three).at().seq()).isEqualTo(3);
    }

    @Test
    void noMoreAreUnderWayThanTheServerAllows() throws Exception {
        ParleyClient client = connecting(quick());
        Peer peer = server.accept();
        peer.welcome(new Peer.Welcome().inFlight(2));
        for (int i = 1; i <= 4; i++) {
            client.send(LOBBY, RawJson.of(Integer.toString(i)));
        }
        ClientFrame.Send first = peer.expect(ClientFrame.Send.class);
        peer.expect(ClientFrame.Send.class);
        CompletionStage<Duration> ping = client.ping();
        peer.say("{\"type\":\"pong\",\"id\":%s}"
                .formatted(Peer.id(peer.expect(ClientFrame.Ping.class).id())));
        result(ping); // what was to be sent before the ping has been sent
        assertThat(peer.saidMore()).isFalse();
        peer.ack(first, 1);
        assertThat(peer.expect(ClientFrame.Send.class).data().toString()).isEqualTo("3");
    }

    @Test
    void aRefusalForTheMomentIsTriedAgainInOrderAndAfterTheTimeTheServerNames() throws Exception {
        ParleyClient client = connecting(quick());
        Peer peer = server.accept();
        peer.welcome();
        client.send(LOBBY, RawJson.of("1"));
        ClientFrame.Send refused = peer.expect(ClientFrame.Send.class);
        long refusedAt = System.nanoTime();
        peer.refuse(refused, "rate_limited", ",\"retryable\":true,\"retryAfter\":300");
        ClientFrame.Send again = peer.expect(ClientFrame.Send.class);
        assertThat(Duration.ofNanos(System.nanoTime() - refusedAt)).isGreaterThanOrEqualTo(Duration.ofMillis(300));
        assertThat(again.messageId()).isEqualTo(refused.messageId());
        assertThat(again.id()).isNotEqualTo(refused.id());
    }

    @Test
    void aWindowFullOfRefusalsIsOneStepOfTheBackoffAndKeepsTheOrder() throws Exception {
        ParleyClient client = connecting(quick().reconnectDelay(Duration.ofMillis(200), Duration.ofMinutes(5))
                .jitter(() -> 0.99));
        Peer peer = server.accept();
        peer.welcome();
        List<ClientFrame.Send> refused = new ArrayList<>();
        for (int i = 0; i < 10; i++) {
            client.send(LOBBY, RawJson.of(Integer.toString(i)));
        }
        for (int i = 0; i < 10; i++) {
            refused.add(peer.expect(ClientFrame.Send.class));
        }
        refused.forEach(send -> peer.refuse(send, "unavailable", ",\"retryable\":true"));
        for (int i = 0; i < 10; i++) {
            assertThat(peer.expect(ClientFrame.Send.class).messageId())
                    .isEqualTo(refused.get(i).messageId());
        }
    }

    @Test
    void aRefusalForGoodFailsWithTheServersCode() throws Exception {
        ParleyClient client = connecting(quick());
        Peer peer = server.accept();
        peer.welcome();
        CompletionStage<Result.Sent> sent = client.send(LOBBY, HI);
        peer.refuse(peer.expect(ClientFrame.Send.class), "not_joined", ",\"retryable\":false");
        ParleyException failure = failure(sent, Kind.REFUSED);
        assertThat(failure.code()).contains(ErrorCode.NOT_JOINED);
        assertThat(failure).hasMessage("refused: not_joined");
    }

    @Test
    void aServerThatFailsOnAMessageEachTimeIsNotAskedForever() throws Exception {
        ParleyClient client = connecting(quick());
        Peer peer = server.accept();
        peer.welcome();
        CompletionStage<Result.Sent> sent = client.send(LOBBY, HI);
        for (int i = 0; i < 3; i++) {
            peer.refuse(peer.expect(ClientFrame.Send.class), "internal", ",\"retryable\":true,\"retryAfter\":1");
        }
        assertThat(failure(sent, Kind.REFUSED).code()).contains(ErrorCode.INTERNAL);
    }

    @Test
    void theQueueIsBounded() throws Exception {
        ParleyClient client = connecting(quick().maxQueued(2));
        List<CompletionStage<Result.Sent>> sends = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            sends.add(client.send(LOBBY, HI));
        }
        failure(sends.get(2), Kind.QUEUE_FULL);
        Peer peer = server.accept();
        peer.welcome();
        peer.ack(peer.expect(ClientFrame.Send.class), 1);
        result(sends.get(0));
        CompletionStage<Result.Sent> later = client.send(LOBBY, HI);
        peer.ack(peer.expect(ClientFrame.Send.class), 2);
        peer.ack(peer.expect(ClientFrame.Send.class), 3);
        result(later);
    }

    @Test
    void aMessageOverTheServersLimitIsRefusedBeforeItIsSent() throws Exception {
        ParleyClient client = connecting(quick());
        Peer peer = server.accept();
        peer.welcome(new Peer.Welcome().message(500));
        ParleyException failure = failure(client.send(LOBBY, RawJson.of("\"" + "x".repeat(500) + "\"")), Kind.REFUSED);
        assertThat(failure.code()).contains(ErrorCode.TOO_LARGE);
        client.send(LOBBY, HI);
        assertThat(peer.expect(ClientFrame.Send.class).data()).isEqualTo(HI);
    }

    @Test
    void whatIsKeptNowhereIsNeverSentTwice() throws Exception {
        ParleyClient client = connecting(quick());
        Peer first = server.accept();
        first.welcome();
        heard.state(ConnectionState.Connected.class);
        CompletionStage<Result.Sent> direct = client.send(new Address.Connection("n7.13"), RawJson.of("1"));
        CompletionStage<Result.Sent> fleeting = client.send(LOBBY, RawJson.of("2"), SendOptions.DEFAULT.asVolatile());
        client.send(LOBBY, RawJson.of("3"));
        first.expect(ClientFrame.Send.class);
        first.expect(ClientFrame.Send.class);
        first.expect(ClientFrame.Send.class);
        first.cut();
        failure(direct, Kind.OUTCOME_UNKNOWN);
        failure(fleeting, Kind.OUTCOME_UNKNOWN);
        Peer second = server.accept();
        second.welcome();
        assertThat(second.expect(ClientFrame.Send.class).data().toString()).isEqualTo("3");
    }

    @Test
    void volatileMessagesDoNotWaitForAConnection() throws Exception {
        ParleyClient client = quick().build();
        failure(client.send(LOBBY, HI, SendOptions.DEFAULT.asVolatile()), Kind.OFFLINE);
        client.close();
    }

    @Test
    void anotherGuestDoesNotRepeatWhatTheFirstOneSaid() throws Exception {
        ParleyClient client = connecting(quick());
        Peer first = server.accept();
        first.welcome(new Peer.Welcome().user("guest-1").token("t1"));
        CompletionStage<Result.Sent> perhaps = client.send(LOBBY, RawJson.of("1"));
        first.expect(ClientFrame.Send.class);
        first.close(4100, "token");
        Peer second = server.accept();
        CompletionStage<Result.Sent> later = client.send(LOBBY, RawJson.of("2"));
        second.welcome(new Peer.Welcome().user("guest-2").token("t2"));
        failure(perhaps, Kind.OUTCOME_UNKNOWN);
        second.ack(second.expect(ClientFrame.Send.class), 1);
        result(later);
    }

    @Test
    void lineBreaksInDataDoNotEndTheFrame() throws Exception {
        ParleyClient client = connecting(quick());
        Peer peer = server.accept();
        peer.welcome();
        client.send(LOBBY, RawJson.of("{\n  \"a\": \"x\\ny\"\r\n}"));
        assertThat(peer.expect(ClientFrame.Send.class).data().toString()).isEqualTo("{   \"a\": \"x\\ny\"  }");
    }

    @Test
    void whatWasSentWithoutEchoIsNotHeardAfterAResumeEither() throws Exception {
        ParleyClient client = connecting(quick());
        Peer first = server.accept();
        first.welcome(channel("group/lobby", 4));
        client.send(LOBBY, HI, SendOptions.DEFAULT.withMessageId("mine").withoutEcho());
        ClientFrame.Send send = first.expect(ClientFrame.Send.class);
        assertThat(send.echo()).isFalse();
        first.ack(send, 5);
        first.cut();
        Peer second = server.accept();
        second.welcome(recovered("group/lobby", 6));
        second.say(message("group/lobby", 5).replace("\"m5\"", "\"mine\"").replace("\"u2\"", "\"u1\""));
        second.say(message("group/lobby", 6));
        assertThat(heard.next(ServerFrame.Message.class).at().seq()).isEqualTo(6);
    }

    @Test
    void closingFailsWhatIsNotAcknowledged() throws Exception {
        ParleyClient client = connecting(quick());
        Peer peer = server.accept();
        peer.welcome();
        CompletionStage<Result.Sent> sent = client.send(LOBBY, HI);
        peer.expect(ClientFrame.Send.class);
        client.close();
        failure(sent, Kind.CLOSED);
        failure(client.send(LOBBY, HI), Kind.CLOSED);
        assertThat(peer.closeCode()).isEqualTo(1000);
    }
}
