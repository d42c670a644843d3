package dev.parley.server.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import io.vertx.core.json.JsonObject;
import java.net.URI;
import java.util.UUID;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Joining and leaving groups whose places belong to connections, and where one begins in them. */
@QuarkusTest
@TestProfile(GatewayProfile.class)
class JoinTest {

    @TestHTTPResource("/")
    URI root;

    private final String group = "join-" + UUID.randomUUID();
    private Person ada;
    private Person bob;

    @BeforeEach
    void connect() {
        ada = Person.of(root, "join-ada");
        bob = Person.of(root, "join-bob");
    }

    @AfterEach
    void hangUp() {
        ada.close();
        bob.close();
    }

    @Test
    void aGroupExistsByBeingJoined() {
        JsonObject ack = ada.join(group);

        assertThat(ack.getString("group")).isEqualTo(group);
        assertThat(ack.getString("epoch")).isNotEmpty();
        assertThat(ack.getLong("seq")).isZero();
        assertThat(ack.containsKey("role")).isFalse();
    }

    @Test
    void withoutSinceTheNextMessageIsTheFirst() {
        fill(3);

        assertThat(bob.join(group).getLong("seq")).isEqualTo(3);
        ada.send(Say.group(group), 4);

        assertThat(bob.nextData()).isEqualTo(4);
    }

    @Test
    void sinceACursorTheBacklogComesAfterTheAck() {
        String epoch = fill(300);
        JsonObject join = bob.numbered(Say.join(group).put("since", Say.cursor(epoch, 100)));
        bob.say(join);

        JsonObject ack = bob.next("ack");
        assertThat(ack.getLong("seq")).isEqualTo(300);
        bob.catchUp("group/" + group, 300);
        assertThat(bob.nextData()).isEqualTo(101);
    }

    @Test
    void theAckComesBeforeTheBacklog() {
        String epoch = fill(3);
        bob.socket.text(
                Say.join(group).put("id", 1).put("since", Say.cursor(epoch, 0)).encode());

        assertThat(bob.socket.read().text()).contains("\"ack\"");
        assertThat(bob.socket.read().text()).contains("\"seq\":1,");
    }

    @ParameterizedTest
    @CsvSource({"0,0", "1,1", "3,3", "10,10", "11,10", "9007199254740991,10"})
    void sinceTheLastSoManyEntriesTheyCome(long last, int come) {
        fill(10);

        JsonObject ack = bob.accepted(Say.join(group).put("since", JsonObject.of("last", last)));

        assertThat(ack.getLong("seq")).isEqualTo(10);
        ada.send(Say.group(group), 11);
        for (int i = 10 - come + 1; i <= 11; i++) {
            assertThat(bob.nextData()).isEqualTo(i);
        }
        assertThat(bob.places.of("group/" + group).seq()).isEqualTo(11);
    }

    @Test
    void sinceTheLastOfAnEmptyGroupNothingComes() {
        assertThat(bob.accepted(Say.join(group).put("since", JsonObject.of("last", 5)))
                        .getLong("seq"))
                .isZero();
        fill(1);

        assertThat(bob.nextData()).isEqualTo(1);
    }

    @Test
    void sinceAPlaceOfAnotherEpochAGapTellsAndAllOfTheLogComes() {
        String epoch = fill(3);
        bob.accepted(Say.join(group).put("since", Say.cursor("another", 2)));

        JsonObject gap = bob.next("gap");
        assertThat(gap)
                .isEqualTo(JsonObject.of("type", "gap")
                        .put("channel", "group/" + group)
                        .put("epoch", epoch)
                        .put("from", 1)
                        .put("to", 0)
                        .put("reason", "epoch"));
        bob.catchUp("group/" + group, 3);
        assertThat(bob.nextData()).isEqualTo(1);
    }

    @Test
    void sinceAPlaceBeyondTheEndIsAnsweredLikeAForeignEpoch() {
        String epoch = fill(3);
        bob.accepted(Say.join(group).put("since", Say.cursor(epoch, 4)));

        assertThat(bob.next("gap").getString("reason")).isEqualTo("epoch");
        bob.catchUp("group/" + group, 3);
    }

    @Test
    void sinceTheEndNothingIsMissing() {
        String epoch = fill(3);
        bob.accepted(Say.join(group).put("since", Say.cursor(epoch, 3)));
        ada.send(Say.group(group), 4);

        assertThat(bob.nextData()).isEqualTo(4);
    }

    @Test
    void sinceAPlaceWhoseEntriesAreGoneAGapTells() {
        String brief = "brief:" + group;
        ada.join(brief);
        String epoch = "";
        for (int i = 1; i <= 100; i++) {
            epoch = ada.send(Say.group(brief), i).getString("epoch");
        }
        bob.accepted(Say.join(brief).put("since", Say.cursor(epoch, 10)));

        JsonObject gap = bob.next("gap");
        assertThat(gap.getString("reason")).isEqualTo("expired");
        assertThat(gap.getInteger("from")).isEqualTo(11);
        assertThat(gap.getInteger("to")).isGreaterThanOrEqualTo(100 - 2 * GatewayProfile.BRIEF - 1);
        assertThat(bob.nextData()).isEqualTo(gap.getInteger("to") + 1);
        bob.catchUp("group/" + brief, 100);
    }

    @Test
    void joiningAJoinedGroupChangesNothing() {
        String epoch = fill(3);
        bob.join(group);

        assertThat(bob.accepted(Say.join(group).put("since", Say.cursor(epoch, 0)))
                        .getLong("seq"))
                .isEqualTo(3);
        ada.send(Say.group(group), 4);

        assertThat(bob.nextData()).isEqualTo(4);
    }

    @Test
    void leavingAGroupNotJoinedChangesNothing() {
        bob.accepted(Say.leave(group));
    }

    @Test
    void joiningAgainAfterLeavingGoesOnWhereTheCursorStood() {
        bob.join(group);
        fill(2);
        bob.catchUp("group/" + group, 2);
        Places.Place stood = bob.places.of("group/" + group);
        bob.accepted(Say.leave(group));
        IntStream.rangeClosed(3, 5).forEach(i -> ada.send(Say.group(group), i));

        bob.accepted(Say.join(group).put("since", Say.cursor(stood.epoch(), stood.seq())));

        bob.catchUp("group/" + group, 5);
    }

    @Test
    void joinAndSendInOneFrameTakeEffectInOrder() {
        JsonObject send = ada.numbered(Say.send(Say.group(group), "first"));
        ada.say(ada.numbered(Say.join(group)), send);

        assertThat(ada.answerTo(send).getLong("seq")).isEqualTo(1);
        assertThat(ada.nextData()).isEqualTo("first");
    }

    @Test
    void leaveAndSendInOneFrameTakeEffectInOrder() {
        ada.join(group);
        JsonObject before = ada.numbered(Say.send(Say.group(group), 1));
        JsonObject leave = ada.numbered(Say.leave(group));
        JsonObject after = ada.numbered(Say.send(Say.group(group), 2));
        ada.say(before, leave, after);

        assertThat(ada.answerTo(before).getString("type")).isEqualTo("ack");
        assertThat(ada.answerTo(leave).getString("type")).isEqualTo("ack");
        assertThat(ada.answerTo(after).getString("code")).isEqualTo("not_joined");
    }

    /** Has Ada join and send 1, 2, … and gives the epoch. */
    private String fill(int entries) {
        ada.join(group);
        JsonObject[] sends = new JsonObject[entries];
        for (int i = 0; i < entries; i++) {
            sends[i] = Say.send(Say.group(group), i + 1);
        }
        ada.say(sends);
        ada.catchUp("group/" + group, entries);
        return ada.places.of("group/" + group).epoch();
    }
}
