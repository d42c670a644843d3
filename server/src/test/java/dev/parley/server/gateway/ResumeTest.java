package dev.parley.server.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import io.vertx.core.json.JsonObject;
import java.net.URI;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Coming back with cursors: nothing lost, nothing twice, or told exactly what is missing. */
@QuarkusTest
@TestProfile(GatewayProfile.class)
class ResumeTest {
    private static final String USER = "resume-bob";

    @TestHTTPResource("/")
    URI root;

    private final String group = "resume-" + UUID.randomUUID();
    private final String channel = "group/" + group;
    private Person ada;

    @BeforeEach
    void connect() {
        ada = Person.of(root, "resume-ada", "admin");
        ada.join(group);
    }

    @AfterEach
    void hangUp() {
        ada.close();
    }

    @Test
    void oneFrameBringsBackGroupsAndWhatWasMissedInAllChannels() {
        JsonObject resume = stayBriefly(group);
        fill(group, 200);
        ada.send(Say.everyone(), "to all");
        ada.send(Say.user(USER), "to bob");

        try (Person bob = Person.back(root, USER, resume)) {
            assertThat(bob.welcome(channel).getBoolean("recovered")).isTrue();
            assertThat(bob.welcome(channel).getLong("seq")).isEqualTo(200);
            assertThat(bob.welcome("all").getBoolean("recovered")).isTrue();
            assertThat(bob.welcome("user/" + USER).getBoolean("recovered")).isTrue();
            for (String each : new String[] {channel, "all", "user/" + USER}) {
                bob.catchUp(each, bob.welcome(each).getLong("seq"));
            }
            bob.await(frame -> "to all".equals(frame.getValue("data")));
            bob.await(frame -> "to bob".equals(frame.getValue("data")));
            ada.send(Say.group(group), "live");
            bob.catchUp(channel, 201);
            bob.send(Say.group(group), "joined again");
        }
    }

    @Test
    void aResumeAtTheEndIsRecoveredAndNothingComes() {
        fill(group, 3);
        JsonObject resume = stayBriefly(group);

        try (Person bob = Person.back(root, USER, resume)) {
            assertThat(bob.welcome(channel).getBoolean("recovered")).isTrue();
            assertThat(bob.all()).noneMatch(frame -> channel.equals(frame.getString("channel")));
        }
    }

    @Test
    void withoutAResumeEntryNothingIsSaidOfRecovery() {
        try (Person bob = Person.of(root, USER)) {
            assertThat(bob.welcome("all").containsKey("recovered")).isFalse();
        }
    }

    @Test
    void fromAnotherEpochAGapTellsAndAllOfTheLogComes() {
        fill(group, 3);

        try (Person bob = Person.back(root, USER, JsonObject.of(channel, Say.cursor("another", 2)))) {
            assertThat(bob.welcome(channel).getBoolean("recovered")).isFalse();
            JsonObject gap = bob.next("gap");
            assertThat(gap.getString("reason")).isEqualTo("epoch");
            assertThat(gap.getLong("to")).isZero();
            bob.catchUp(channel, 3);
        }
    }

    @Test
    void fromAnotherEpochOfAnEmptyLogTheGapMovesTheCursor() {
        try (Person bob = Person.back(root, USER, JsonObject.of(channel, Say.cursor("another", 2)))) {
            assertThat(bob.welcome(channel).getBoolean("recovered")).isFalse();
            assertThat(bob.next("gap").getString("epoch"))
                    .isEqualTo(bob.welcome(channel).getString("epoch"));
            ada.send(Say.group(group), 1);
            assertThat(bob.nextData()).isEqualTo(1);
        }
    }

    @Test
    void fromBeyondTheEndIsAnsweredLikeAForeignEpoch() {
        fill(group, 3);
        String epoch = ada.places.of(channel).epoch();

        try (Person bob = Person.back(root, USER, JsonObject.of(channel, Say.cursor(epoch, 1000)))) {
            assertThat(bob.welcome(channel).getBoolean("recovered")).isFalse();
            assertThat(bob.next("gap").getString("reason")).isEqualTo("epoch");
            bob.catchUp(channel, 3);
        }
    }

    @Test
    void whatTheLogNoLongerHasIsAGap() {
        String brief = "brief:" + group;
        ada.join(brief);
        JsonObject resume = stayBriefly(brief);
        fill(brief, 100);

        try (Person bob = Person.back(root, USER, resume)) {
            assertThat(bob.welcome("group/" + brief).getBoolean("recovered")).isFalse();
            JsonObject gap = bob.next("gap");
            assertThat(gap.getString("reason")).isEqualTo("expired");
            assertThat(gap.getInteger("from")).isEqualTo(1);
            assertThat(bob.nextData()).isEqualTo(gap.getInteger("to") + 1);
            bob.catchUp("group/" + brief, 100);
        }
    }

    @Test
    void whatTheLogStillJustHasIsRecovered() {
        String brief = "brief:" + group;
        ada.join(brief);
        fill(brief, 50);
        JsonObject resume = stayBriefly(brief);
        for (int i = 0; i < GatewayProfile.BRIEF; i++) {
            ada.send(Say.group(brief), i);
        }

        try (Person bob = Person.back(root, USER, resume)) {
            assertThat(bob.welcome("group/" + brief).getBoolean("recovered")).isTrue();
            bob.catchUp("group/" + brief, 50 + GatewayProfile.BRIEF);
            assertThat(bob.all()).noneMatch(frame -> frame.getString("type").equals("gap"));
        }
    }

    @Test
    void allGroupsThatOneMayFollowComeBackWithOneHelloHoweverLongTheirNames() {
        int groups = ada.welcome().getJsonObject("limits").getInteger("groups");
        JsonObject resume = new JsonObject();
        for (int i = 0; i < groups; i++) {
            String name = group + "-" + i + "-";
            resume.put("group/" + name + "x".repeat(128 - name.length()), Say.cursor("an-epoch-of-before", 41));
        }
        assertThat(resume.encode().length())
                .isGreaterThan(ada.welcome().getJsonObject("limits").getInteger("message"));

        try (Person bob = Person.back(root, USER, resume)) {
            for (String each : resume.fieldNames()) {
                assertThat(bob.welcome(each).getBoolean("recovered")).as(each).isFalse();
            }
        }
    }

    @Test
    void entriesThatMayNotBeHadOrAreMalformedAreListedAndTheOthersTaken() {
        fill(group, 1);
        JsonObject resume = JsonObject.of(
                        channel, Say.cursor(ada.places.of(channel).epoch(), 0))
                .put("user/resume-ada", Say.cursor("e", 1))
                .put("group/chat:resume-nowhere", Say.cursor("e", 1))
                .put("connection/x", Say.cursor("e", 1))
                .put("nonsense", Say.cursor("e", 1))
                .put("group/a b", Say.cursor("e", 1))
                .put("group/" + group + "-2", JsonObject.of("seq", 1))
                .put("group/" + group + "-3", "k3,41");

        try (Person bob = Person.back(root, USER, resume)) {
            assertThat(bob.welcome("user/resume-ada").getString("error")).isEqualTo("forbidden");
            assertThat(bob.welcome("group/chat:resume-nowhere").getString("error"))
                    .isIn("not_joined", "unknown_group");
            for (String malformed : new String[] {
                "connection/x", "nonsense", "group/a b", "group/" + group + "-2", "group/" + group + "-3"
            }) {
                assertThat(bob.welcome(malformed).getString("error"))
                        .as(malformed)
                        .isEqualTo("bad_frame");
            }
            assertThat(bob.welcome(channel).getBoolean("recovered")).isTrue();
            assertThat(bob.nextData()).isEqualTo(1);
            bob.refused(Say.send(Say.group(group + "-2"), 1), "not_joined");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"all", "user/" + USER})
    void aMalformedEntryOfAChannelThatIsAlwaysFollowedIsListedAsSuch(String always) {
        try (Person bob = Person.back(root, USER, JsonObject.of(always, JsonObject.of("seq", 0)))) {
            assertThat(bob.welcome(always).getString("error")).isEqualTo("bad_frame");
            ada.send(always.equals("all") ? Say.everyone() : Say.user(USER), "live");
            assertThat(bob.nextData()).isEqualTo("live");
        }
    }

    /** Bob joins and goes at once; gives his cursors. */
    private JsonObject stayBriefly(String where) {
        try (Person bob = Person.of(root, USER)) {
            bob.join(where);
            return bob.places.resume();
        }
    }

    /** Ada sends 1, 2, … */
    private void fill(String where, int entries) {
        for (int i = 1; i <= entries; i++) {
            ada.say(Say.send(Say.group(where), i));
        }
        ada.catchUp("group/" + where, entries);
    }
}
