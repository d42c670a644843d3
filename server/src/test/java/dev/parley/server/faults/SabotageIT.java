package dev.parley.server.faults;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.server.proof.Checker;
import dev.parley.server.proof.Crowd;
import dev.parley.server.proof.Fault;
import dev.parley.server.proof.Fault.Kind;
import dev.parley.server.proof.Hub;
import dev.parley.server.proof.RawClient;
import dev.parley.server.proof.To;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Servers broken on purpose: the checker finds each of them out, by what it is, in a run in which it finds nothing wrong with the servers as they are. */
class SabotageIT {
    private static final int CLIENTS = 8;
    private static final Duration PATIENCE = Duration.ofSeconds(120);
    private static final Duration LITTLE_PATIENCE = Duration.ofSeconds(3);

    @RegisterExtension
    static final Hub HUB = new Hub(2)
            .behindProxies()
            .prepared((n, process) -> SabotageAgent.load(process))
            .with("parley.namespaces.\"default\".history.size", "20000")
            .with("parley.namespaces.\"brief\".history.size", "20");

    /** A live channel that is still followed by clients of the test before has what that did to it. */
    @BeforeEach
    void nobodyIsLeft() {
        Awaitility.await("all have gone")
                .atMost(PATIENCE)
                .until(() -> HUB.server(0).metric("parley_connections ")
                                + HUB.server(1).metric("parley_connections ")
                        == 0);
    }

    @AfterEach
    void allIsMended() {
        List.of(Sabotage.values()).forEach(Sabotage::disarm);
    }

    @Test
    void nothingIsFoundWhereNothingIsBroken() {
        assertThat(run(PATIENCE)).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "DROP_ENTRY, 25, UNDECLARED_GAP",
        "DROP_DOORBELL, 25, UNDECLARED_GAP",
        "SWAP_NEIGHBOURS, 25, OUT_OF_ORDER",
        "SKIP_DUPLICATE_CHECK, 1, DUPLICATED",
        "FAN_OUT_BEFORE_SEQUENCING, 1, RECEIVERS_DISAGREE",
        "ACK_BEFORE_APPEND, 1, ACK_DISAGREES",
        "RESUME_SKIPS_ONE, 1, UNDECLARED_GAP",
        "RESUME_REPEATS_ONE, 1, DUPLICATED",
        "SKIP_TOO_MUCH, 1, LOST",
    })
    void whatIsBrokenIsFound(Sabotage sabotage, int every, Kind found) {
        sabotage.arm(every);

        assertThat(kinds(run(LITTLE_PATIENCE))).contains(found);
    }

    @Test
    void aGapThatIsToldIsNoFault() {
        assertThat(comeBackAfterMoreThanIsKept()).isEmpty();
    }

    @Test
    void aGapThatIsNotToldIsFoundOut() {
        Sabotage.HIDE_GAPS.arm(1);

        assertThat(kinds(comeBackAfterMoreThanIsKept())).contains(Kind.UNDECLARED_GAP);
    }

    /** Talk, clients who lose their connection with sends taken but not acknowledged, and send again elsewhere. */
    private static List<Fault> run(Duration patience) {
        try (Crowd crowd = new Crowd(HUB, CLIENTS, true).talk()) {
            crowd.awaitAcks(100);
            HUB.clientLink(0).mute(true);
            Awaitility.await("sends without an ack")
                    .atMost(PATIENCE)
                    .until(() -> crowd.clients().stream().anyMatch(client -> client.unanswered() > 4));
            HUB.clientLink(0).cut();
            HUB.clientLink(0).heal();
            crowd.awaitAcks(100);
            return crowd.settle(patience);
        } finally {
            HUB.clientLink(0).heal();
        }
    }

    private static List<Fault> comeBackAfterMoreThanIsKept() {
        RawClient ada = RawClient.guest("Ada").connect(HUB.server(0));
        RawClient bob = RawClient.guest("Bob").connect(HUB.server(1));
        ada.join("brief:films");
        bob.join("brief:films");
        ada.drop();
        for (int i = 0; i < 50; i++) {
            bob.say(To.group("brief:films"), i);
        }
        ada.connect(HUB.server(1));
        JsonObject last = bob.say(To.group("brief:films"), "last");
        ada.heard().awaitMessage(last.getString("messageId"));
        bob.heard().awaitMessage(last.getString("messageId"));
        List.of(ada, bob).forEach(RawClient::close);
        Checker checker = new Checker("expired");
        List.of(ada, bob).forEach(checker::take);
        return checker.faults(Map.of());
    }

    private static Set<Kind> kinds(List<Fault> faults) {
        return faults.stream().map(Fault::kind).collect(Collectors.toSet());
    }
}
