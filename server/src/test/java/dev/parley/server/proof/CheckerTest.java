package dev.parley.server.proof;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.server.proof.Fault.Kind;
import dev.parley.server.proof.Seen.Begun;
import dev.parley.server.proof.Seen.Ended;
import dev.parley.server.proof.Seen.Gap;
import dev.parley.server.proof.Seen.Message;
import dev.parley.server.proof.Seen.Skip;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** A checker that finds nothing proves nothing: every kind of bad record must be found, and good ones must pass. */
class CheckerTest {
    private static final String CHANNEL = "group/lobby";
    private static final Map<String, Place> NO_HEADS = Map.of();

    private final Checker checker = new Checker();

    @Test
    void passesWhatIsRight() {
        checker.acked(ack(1, "a"));
        checker.acked(ack(3, "c"));
        checker.received("ada", List.of(begun(0), message(1, "a"), new Skip(CHANNEL, "e", 2, 2), message(3, "c")));
        checker.received("bob", List.of(begun(1), message(2, "b"), message(3, "c")));
        checker.received("eve", List.of(begun(0), message(1, "a"), new Ended(CHANNEL)));

        assertThat(checker.faults(Map.of(CHANNEL, new Place("e", 3)))).isEmpty();
    }

    @Test
    void passesOneWhoLeavesAndComesAgain() {
        checker.acked(ack(2, "b"));
        checker.received("ada", List.of(begun(0), message(1, "a"), new Ended(CHANNEL), begun(3), message(4, "d")));

        assertThat(checker.faults(NO_HEADS)).isEmpty();
    }

    @Test
    void passesOneWhoComesAgainAndWishesToSeeTheLastOnesOnceMore() {
        Begun again = new Begun(CHANNEL, "e", 1, true);
        checker.received(
                "ada", List.of(begun(0), message(1, "a"), message(2, "b"), new Ended(CHANNEL), again, message(2, "b")));

        assertThat(checker.faults(NO_HEADS)).isEmpty();
    }

    @Test
    void findsWhatComesOnceMoreToOneWhoComesAgainWithoutAWish() {
        checker.received(
                "ada",
                List.of(begun(0), message(1, "a"), message(2, "b"), new Ended(CHANNEL), begun(1), message(2, "b")));

        assertThat(kinds(NO_HEADS)).containsExactly(Kind.DUPLICATED);
    }

    @Test
    void passesNeighboursMergedIntoOneSkip() {
        checker.acked(new Acked(CHANNEL, "e", 2, "b", false, Set.of("ada")));
        checker.received("ada", List.of(begun(0), new Skip(CHANNEL, "e", 1, 3), message(4, "d")));

        assertThat(checker.faults(NO_HEADS)).isEmpty();
    }

    @Test
    void findsAnEndThatWasNotReached() {
        checker.received("ada", List.of(begun(0), message(1, "a")));

        assertThat(kinds(Map.of(CHANNEL, new Place("e", 2)))).containsExactly(Kind.LOST);
    }

    @Test
    void findsAnAcknowledgedMessageThatNeverCame() {
        checker.acked(ack(2, "b"));
        checker.received("ada", List.of(begun(0), message(1, "a")));

        assertThat(kinds(NO_HEADS)).containsExactly(Kind.LOST);
    }

    @Test
    void findsAnAcknowledgedMessageThatWasSkipped() {
        checker.acked(ack(1, "a"));
        checker.received("ada", List.of(begun(0), new Skip(CHANNEL, "e", 1, 1)));

        assertThat(kinds(NO_HEADS)).containsExactly(Kind.LOST);
    }

    @Test
    void findsAnAckInAnEpochOfWhichNobodyKnows() {
        checker.acked(new Acked(CHANNEL, "f", 1, "a", false, Set.of()));
        checker.received("ada", List.of(begun(0), message(1, "a")));

        assertThat(kinds(NO_HEADS)).containsExactly(Kind.LOST);
    }

    @Test
    void findsAnEntryThatCameTwice() {
        checker.received("ada", List.of(begun(0), message(1, "a"), message(2, "b"), message(1, "a")));

        assertThat(kinds(NO_HEADS)).containsExactly(Kind.DUPLICATED);
    }

    @Test
    void findsAMessageThatTookTwoPlaces() {
        checker.received("ada", List.of(begun(0), message(1, "a"), message(2, "a")));

        assertThat(kinds(NO_HEADS)).containsExactly(Kind.DUPLICATED);
    }

    @Test
    void findsAnEntryThatCameLate() {
        checker.received("ada", List.of(begun(0), message(2, "b"), message(1, "a"), message(3, "c")));

        assertThat(kinds(NO_HEADS)).containsExactly(Kind.OUT_OF_ORDER);
    }

    @Test
    void findsAHole() {
        checker.received("ada", List.of(begun(0), message(1, "a"), message(4, "d")));

        assertThat(checker.faults(NO_HEADS)).singleElement().satisfies(fault -> {
            assertThat(fault.kind()).isEqualTo(Kind.UNDECLARED_GAP);
            assertThat(fault.detail()).contains("[2, 3]");
        });
    }

    @Test
    void findsAHoleBeforeASkip() {
        checker.received("ada", List.of(begun(0), new Skip(CHANNEL, "e", 2, 3)));

        assertThat(kinds(NO_HEADS)).containsExactly(Kind.UNDECLARED_GAP);
    }

    @Test
    void findsAnEpochThatChangedWithoutAWord() {
        checker.received("ada", List.of(begun(0), new Message(CHANNEL, "f", 1, "a", "{}")));

        assertThat(kinds(NO_HEADS)).containsExactly(Kind.UNDECLARED_GAP);
    }

    @Test
    void findsADeclaredGapWhereNothingWasLost() {
        checker.received("ada", List.of(begun(0), new Gap(CHANNEL, "e", 1, 2, "expired"), message(3, "c")));

        assertThat(kinds(NO_HEADS)).containsExactly(Kind.DECLARED_GAP);
    }

    @Test
    void passesANewEpochWhereItWasAllowed() {
        Checker lenient = new Checker("epoch");
        lenient.acked(ack(2, "b"));
        lenient.acked(new Acked(CHANNEL, "f", 2, "c", false, Set.of()));
        lenient.received(
                "ada",
                List.of(
                        begun(0),
                        message(1, "a"),
                        new Gap(CHANNEL, "f", 1, 1, "epoch"),
                        new Message(CHANNEL, "f", 2, "c", "{}")));

        assertThat(lenient.faults(Map.of(CHANNEL, new Place("f", 2)))).isEmpty();
    }

    @Test
    void findsAnAckForAnotherPlaceThanTheReceivers() {
        checker.acked(ack(1, "b"));
        checker.received("ada", List.of(begun(0), message(1, "a")));

        assertThat(kinds(NO_HEADS)).containsExactly(Kind.ACK_DISAGREES);
    }

    @Test
    void findsTwoAcksForTwoPlaces() {
        checker.acked(ack(1, "a"));
        checker.acked(new Acked(CHANNEL, "e", 2, "a", true, Set.of()));

        assertThat(kinds(NO_HEADS)).containsExactly(Kind.ACK_DISAGREES);
    }

    @Test
    void findsARepeatThatWasTakenForNew() {
        checker.acked(ack(1, "a"));
        checker.acked(ack(1, "a"));

        assertThat(kinds(NO_HEADS)).containsExactly(Kind.ACK_DISAGREES);
    }

    @Test
    void findsReceiversWithDifferentThingsAtOnePlace() {
        checker.received("ada", List.of(begun(0), new Message(CHANNEL, "e", 1, "a", "{\"data\":1,\"x\":2}")));
        checker.received("bob", List.of(begun(0), new Message(CHANNEL, "e", 1, "a", "{\"x\":2,\"data\":1}")));
        checker.received("eve", List.of(begun(0), new Message(CHANNEL, "e", 1, "a", "{\"data\":3,\"x\":2}")));

        assertThat(kinds(NO_HEADS)).containsExactly(Kind.RECEIVERS_DISAGREE);
    }

    @Test
    void findsAMessageThatCameToSomebodyExcepted() {
        checker.acked(new Acked(CHANNEL, "e", 1, "a", false, Set.of(), Set.of("ada")));
        checker.received("ada", List.of(begun(0), message(1, "a")));
        checker.received("bob", List.of(begun(0), message(1, "a")));

        assertThat(checker.faults(NO_HEADS)).singleElement().satisfies(fault -> {
            assertThat(fault.kind()).isEqualTo(Kind.NOT_MEANT);
            assertThat(fault.detail()).contains("ada");
        });
    }

    @Test
    void findsAnotherDeviceOfTheSenderThatWasSkippedAsIfItWereTheSender() {
        checker.acked(new Acked(CHANNEL, "e", 1, "a", false, Set.of("ada")));
        checker.saw("ada", "ada's id", begun(0));
        checker.saw("ada", "ada's id", new Skip(CHANNEL, "e", 1, 1));
        checker.saw("ada/phone", "ada's id", begun(0));
        checker.saw("ada/phone", "ada's id", new Skip(CHANNEL, "e", 1, 1));

        assertThat(checker.faults(NO_HEADS)).singleElement().satisfies(fault -> {
            assertThat(fault.kind()).isEqualTo(Kind.LOST);
            assertThat(fault.detail()).contains("ada/phone");
        });
    }

    @Test
    void findsWhatIsWrongInItselfAsItComes() {
        assertThat(checker.saw("ada", "ada", begun(0))).isEmpty();
        assertThat(checker.saw("ada", "ada", message(1, "a"))).isEmpty();
        assertThat(checker.saw("ada", "ada", message(1, "a")))
                .extracting(Fault::kind)
                .containsExactly(Kind.DUPLICATED);

        assertThat(checker.missing(Map.of(CHANNEL, new Place("e", 2))))
                .extracting(Fault::kind)
                .containsExactly(Kind.LOST);
    }

    @Test
    void passesARepeatThatWasKnown() {
        checker.acked(ack(1, "a"));
        checker.acked(new Acked(CHANNEL, "e", 1, "a", true, Set.of()));
        checker.received("ada", List.of(begun(0), message(1, "a")));

        assertThat(checker.faults(NO_HEADS)).isEmpty();
        assertThat(checker.acknowledged()).isEqualTo(1);
    }

    @Test
    void findsWhatCameForAChannelThatIsNotFollowed() {
        checker.received("ada", List.of(message(1, "a")));

        assertThat(kinds(NO_HEADS)).containsExactly(Kind.OUT_OF_ORDER);
    }

    private List<Kind> kinds(Map<String, Place> heads) {
        return checker.faults(heads).stream().map(Fault::kind).toList();
    }

    private static Begun begun(long seq) {
        return new Begun(CHANNEL, "e", seq);
    }

    private static Message message(long seq, String id) {
        return new Message(CHANNEL, "e", seq, id, "{\"messageId\":\"" + id + "\"}");
    }

    private static Acked ack(long seq, String id) {
        return new Acked(CHANNEL, "e", seq, id, false, Set.of());
    }
}
