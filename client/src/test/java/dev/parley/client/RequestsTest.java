package dev.parley.client;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.client.ParleyException.Kind;
import dev.parley.protocol.Address;
import dev.parley.protocol.ClientFrame;
import dev.parley.protocol.ClientFrame.Since;
import dev.parley.protocol.Cursor;
import dev.parley.protocol.ErrorCode;
import dev.parley.protocol.RawJson;
import dev.parley.protocol.Role;
import dev.parley.protocol.ServerFrame;
import dev.parley.protocol.ServerFrame.Result;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.Test;

class RequestsTest extends ClientTest {

    @Test
    void joiningWithoutABacklogBeginsBehindTheAck() throws Exception {
        ParleyClient client = connecting(quick());
        Peer peer = welcomed(ALL);
        CompletionStage<Result.Joined> joined = client.join("lobby");
        ackJoin(peer, 41);
        assertThat(result(joined).at()).isEqualTo(new Cursor("e1", 41));
        peer.say(message("group/lobby", 42));
        assertThat(heard.nextSeq()).isEqualTo(42);
        peer.cut();
        assertThat(server.accept().expect(ClientFrame.Hello.class).resume())
                .contains(new ClientFrame.Resume("group/lobby", new Cursor("e1", 42)));
    }

    @Test
    void aBacklogOfTheLastFewMayBeShorterThanAskedFor() throws Exception {
        ParleyClient client = connecting(quick());
        Peer peer = welcomed(ALL);
        client.join("lobby", new Since.Last(10));
        ClientFrame.Join join = ackJoin(peer, 41);
        assertThat(join.since()).isEqualTo(new Since.Last(10));
        for (long seq = 39; seq <= 42; seq++) {
            peer.say(message("group/lobby", seq));
            assertThat(heard.nextSeq()).isEqualTo(seq);
        }
    }

    @Test
    void aBacklogSinceACursorIsExact() throws Exception {
        ParleyClient client = connecting(quick());
        Peer peer = welcomed(ALL);
        client.join("lobby", new Since.After(new Cursor("e1", 38)));
        ackJoin(peer, 41);
        peer.say(message("group/lobby", 40));
        assertThat(heard.next(Violation.class).stood()).isEqualTo(new Cursor("e1", 38));
    }

    @Test
    void aGroupThatWasLeftIsNotResumed() throws Exception {
        ParleyClient client = connecting(quick());
        Peer peer = welcomed(ALL);
        client.join("lobby");
        ackJoin(peer, 41);
        CompletionStage<Void> left = client.leave("lobby");
        peer.say("{\"type\":\"ack\",\"id\":%s}"
                .formatted(Peer.id(peer.expect(ClientFrame.Leave.class).id())));
        result(left);
        peer.cut();
        assertThat(server.accept().expect(ClientFrame.Hello.class).resume())
                .extracting(ClientFrame.Resume::channel)
                .containsExactly("all");
    }

    @Test
    void historyAndPresenceAreRead() throws Exception {
        ParleyClient client = connecting(quick());
        Peer peer = welcomed(ALL);
        CompletionStage<Result.Page> page = client.history(LOBBY, 43L, null, 2);
        ClientFrame.History history = peer.expect(ClientFrame.History.class);
        assertThat(history.before()).isEqualTo(43);
        assertThat(history.limit()).isEqualTo(2);
        peer.say("{\"type\":\"ack\",\"id\":%s,\"messages\":[%s,%s],\"more\":true}"
                .formatted(Peer.id(history.id()), message("group/lobby", 41), message("group/lobby", 42)));
        assertThat(result(page).messages())
                .extracting(message -> message.at().seq())
                .containsExactly(41L, 42L);
        assertThat(result(page).more()).isTrue();

        CompletionStage<Result.Present> present = client.presence("lobby");
        peer.say("""
                {"type":"ack","id":%s,"users":[{"user":"u2","name":"Bob","devices":2,"since":5}],"count":1}""".formatted(
                        Peer.id(peer.expect(ClientFrame.PresenceQuery.class).id())));
        assertThat(result(present).users())
                .singleElement()
                .satisfies(user -> assertThat(user.devices()).isEqualTo(2));
    }

    @Test
    void smallRequestsAreMadeAsAsked() throws Exception {
        ParleyClient client = connecting(quick());
        Peer peer = welcomed(ALL);
        client.read(new Address.User("u1"), 7);
        assertThat(peer.expect(ClientFrame.Read.class).seq()).isEqualTo(7);
        client.typing(LOBBY, true);
        assertThat(peer.expect(ClientFrame.Typing.class).active()).isTrue();
        CompletionStage<Result.Refreshed> refreshed = client.refresh("new");
        ClientFrame.Refresh refresh = peer.expect(ClientFrame.Refresh.class);
        peer.say("{\"type\":\"ack\",\"id\":%s,\"expires\":99}".formatted(Peer.id(refresh.id())));
        assertThat(result(refreshed).expires()).isEqualTo(99);
    }

    @Test
    void membersAreListedAddedAndRemoved() throws Exception {
        ParleyClient client = connecting(quick());
        Peer peer = welcomed(ALL);

        CompletionStage<Result.Members> page = client.members("chat:team", "bi51MQ", 2);
        ClientFrame.Members asked = peer.expect(ClientFrame.Members.class);
        assertThat(List.of(asked.group().name(), asked.cursor(), asked.limit()))
                .isEqualTo(List.<Object>of("chat:team", "bi51MQ", 2));
        peer.say("""
                {"type":"ack","id":%s,"members":[{"user":"u2","name":"Bob","role":"owner","since":5}],"count":3,"next":"bi51Mg"}""".formatted(Peer.id(asked.id())));
        assertThat(result(page))
                .isEqualTo(new Result.Members(
                        List.of(new ServerFrame.GroupMember("u2", "Bob", Role.OWNER, 5)), 3, "bi51Mg"));

        CompletionStage<Void> put = client.putMember("chat:team", "u3", Role.MODERATOR);
        ClientFrame.Member member = peer.expect(ClientFrame.Member.class);
        assertThat(member.user() + " " + member.role()).isEqualTo("u3 MODERATOR");
        peer.say("{\"type\":\"ack\",\"id\":%s}".formatted(Peer.id(member.id())));
        result(put);

        CompletionStage<Void> removed = client.removeMember("chat:team", "u3");
        ClientFrame.Remove remove = peer.expect(ClientFrame.Remove.class);
        assertThat(remove.user()).isEqualTo("u3");
        peer.refuse(remove, "forbidden", ",\"retryable\":false");
        assertThat(failure(removed, Kind.REFUSED).code()).contains(ErrorCode.FORBIDDEN);
    }

    @Test
    void requestsDoNotWaitForAConnection() throws Exception {
        ParleyClient client = quick().build();
        failure(client.join("lobby"), Kind.OFFLINE);
        client.close();
    }

    @Test
    void aLostConnectionLeavesTheOutcomeOpen() throws Exception {
        ParleyClient client = connecting(quick());
        Peer peer = welcomed(ALL);
        CompletionStage<Result.Joined> joined = client.join("lobby");
        peer.expect(ClientFrame.Join.class);
        peer.cut();
        failure(joined, Kind.OUTCOME_UNKNOWN);
    }

    @Test
    void anAnswerThatDoesNotComeIsATimeout() throws Exception {
        ParleyClient client = connecting(quick().requestTimeout(Duration.ofSeconds(1)));
        welcomed(ALL);
        failure(client.join("lobby"), Kind.TIMEOUT);
    }

    @Test
    void aRefusalForTheMomentIsTriedAgainAndOneForGoodIsNot() throws Exception {
        ParleyClient client = connecting(quick());
        Peer peer = welcomed(ALL);
        CompletionStage<Result.Joined> joined = client.join("lobby");
        peer.refuse(peer.expect(ClientFrame.Join.class), "unavailable", ",\"retryable\":true,\"retryAfter\":5");
        peer.refuse(peer.expect(ClientFrame.Join.class), "forbidden", ",\"retryable\":false");
        assertThat(failure(joined, Kind.REFUSED).code()).contains(ErrorCode.FORBIDDEN);
    }

    @Test
    void aListenerMayWaitForAnAnswer() throws Exception {
        List<ParleyClient> itself = new java.util.concurrent.CopyOnWriteArrayList<>();
        Recorder asking = new Recorder() {
            @Override
            public void onMessage(dev.parley.protocol.ServerFrame.Message message) {
                try {
                    result(itself.get(0).join("lobby"));
                } catch (Exception e) {
                    throw new IllegalStateException(e);
                }
                super.onMessage(message);
            }
        };
        itself.add(connecting(quick().listener(asking)));
        Peer peer = server.accept();
        peer.welcome(ALL);
        peer.say(message("all", "a1", 4));
        ackJoin(peer, 41);
        assertThat(asking.nextSeq()).isEqualTo(4);
    }

    @Test
    void whatAChatAsksForIsAnsweredByItsKind() throws Exception {
        ParleyClient client = connecting(quick());
        Peer peer = welcomed(ALL);
        CompletionStage<Result.Conversations> conversations = client.conversations("chat:a", 10);
        ClientFrame.Conversations listed = peer.expect(ClientFrame.Conversations.class);
        peer.say("{\"type\":\"ack\",\"id\":%s,\"conversations\":[],\"more\":true}".formatted(Peer.id(listed.id())));
        CompletionStage<Void> described = client.describe("chat:team", "The team", null);
        ClientFrame.Describe describe = peer.expect(ClientFrame.Describe.class);
        peer.say("{\"type\":\"ack\",\"id\":%s}".formatted(Peer.id(describe.id())));
        CompletionStage<Result.Receipts> receipts = client.receipts("chat:team");
        ClientFrame.Receipts asked = peer.expect(ClientFrame.Receipts.class);
        peer.say("{\"type\":\"ack\",\"id\":%s,\"receipts\":[{\"user\":\"bob\",\"read\":4}]}"
                .formatted(Peer.id(asked.id())));
        CompletionStage<Result.Page> found = client.search(new Address.Group("chat:team"), "tea", 7L, 5);
        ClientFrame.Search search = peer.expect(ClientFrame.Search.class);
        peer.say("{\"type\":\"ack\",\"id\":%s,\"messages\":[],\"more\":true,\"before\":3}"
                .formatted(Peer.id(search.id())));
        CompletionStage<Void> set = client.settings("chat:team", RawJson.of("{\n\"muted\":true}"));
        ClientFrame.Settings settings = peer.expect(ClientFrame.Settings.class);
        peer.say("{\"type\":\"ack\",\"id\":%s}".formatted(Peer.id(settings.id())));

        assertThat(listed.after()).isEqualTo("chat:a");
        assertThat(result(conversations).more()).isTrue();
        assertThat(describe.title()).isEqualTo("The team");
        assertThat(describe.topic()).isNull();
        assertThat(result(described)).isNull();
        assertThat(result(receipts).receipts().get(0).read()).isEqualTo(4);
        assertThat(search.before()).isEqualTo(7);
        assertThat(result(found).before()).isEqualTo(3);
        assertThat(settings.value().toString()).contains("\"muted\":true");
        assertThat(result(set)).isNull();
    }

    private static ClientFrame.Join ackJoin(Peer peer, long seq) throws InterruptedException {
        ClientFrame.Join join = peer.expect(ClientFrame.Join.class);
        peer.say("{\"type\":\"ack\",\"id\":%s,\"group\":\"lobby\",\"epoch\":\"e1\",\"seq\":%d}"
                .formatted(Peer.id(join.id()), seq));
        return join;
    }
}
