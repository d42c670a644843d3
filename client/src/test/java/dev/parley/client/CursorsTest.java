package dev.parley.client;

import static dev.parley.client.Cursors.Verdict.NEXT;
import static dev.parley.client.Cursors.Verdict.OUT_OF_LINE;
import static dev.parley.client.Cursors.Verdict.SEEN;
import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.protocol.ClientFrame.Resume;
import dev.parley.protocol.Cursor;
import dev.parley.protocol.ServerFrame.Gap;
import dev.parley.protocol.ServerFrame.GapReason;
import dev.parley.protocol.ServerFrame.Skip;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class CursorsTest {
    private static final String LOBBY = "group/lobby";

    private final Cursors cursors = new Cursors();

    @BeforeEach
    void standAtFive() {
        cursors.start(LOBBY, at(5));
    }

    @Test
    void theNextEntryMovesTheCursor() {
        assertThat(cursors.message(LOBBY, at(6))).isEqualTo(NEXT);
        assertThat(cursors.get(LOBBY)).isEqualTo(at(6));
    }

    @Test
    void anEntryComesOnce() {
        assertThat(cursors.message(LOBBY, at(5))).isEqualTo(SEEN);
        assertThat(cursors.message(LOBBY, at(2))).isEqualTo(SEEN);
        assertThat(cursors.get(LOBBY)).isEqualTo(at(5));
    }

    @Test
    void aHoleIsOutOfLineAndTheCursorGoesOnBehindIt() {
        assertThat(cursors.message(LOBBY, at(8))).isEqualTo(OUT_OF_LINE);
        assertThat(cursors.message(LOBBY, at(9))).isEqualTo(NEXT);
    }

    @Test
    void anotherEpochWithoutAGapIsOutOfLine() {
        assertThat(cursors.message(LOBBY, new Cursor("e2", 6))).isEqualTo(OUT_OF_LINE);
        assertThat(cursors.get(LOBBY)).isEqualTo(new Cursor("e2", 6));
    }

    @Test
    void aChannelNobodyFollowsIsOutOfLineOnce() {
        assertThat(cursors.message("group/other", at(1))).isEqualTo(OUT_OF_LINE);
        assertThat(cursors.message("group/other", at(2))).isEqualTo(NEXT);
    }

    @Test
    void aSkipMovesBehindItsLastEntry() {
        assertThat(cursors.skip(new Skip(LOBBY, "e1", 6, 9))).isEqualTo(NEXT);
        assertThat(cursors.message(LOBBY, at(10))).isEqualTo(NEXT);
    }

    @Test
    void aSkipAfterAHoleIsOutOfLine() {
        assertThat(cursors.skip(new Skip(LOBBY, "e1", 8, 9))).isEqualTo(OUT_OF_LINE);
    }

    @Test
    void anExpiredGapMovesBehindItsLastEntry() {
        assertThat(cursors.gap(new Gap(LOBBY, "e1", 6, 40, GapReason.EXPIRED))).isEqualTo(NEXT);
        assertThat(cursors.message(LOBBY, at(41))).isEqualTo(NEXT);
    }

    @Test
    void anEpochGapBeginsTheNewLog() {
        assertThat(cursors.gap(new Gap(LOBBY, "m8", 1, 0, GapReason.EPOCH))).isEqualTo(NEXT);
        assertThat(cursors.get(LOBBY)).isEqualTo(new Cursor("m8", 0));
        assertThat(cursors.message(LOBBY, new Cursor("m8", 1))).isEqualTo(NEXT);
    }

    @Test
    void anEpochGapMayGoBackInTheSameEpoch() {
        assertThat(cursors.gap(new Gap(LOBBY, "e1", 1, 3, GapReason.EPOCH))).isEqualTo(NEXT);
        assertThat(cursors.message(LOBBY, at(4))).isEqualTo(NEXT);
    }

    @Test
    void anAckDoesNotMoveACursor() {
        assertThat(cursors.start(LOBBY, at(9))).isFalse();
        assertThat(cursors.get(LOBBY)).isEqualTo(at(5));
    }

    @Test
    void aBacklogMayBeginAnywhereInItsRange() {
        cursors.startWithin("group/b", at(10), 21);
        assertThat(cursors.message("group/b", at(14))).isEqualTo(NEXT);
        assertThat(cursors.message("group/b", at(16)))
                .as("only its beginning is open")
                .isEqualTo(OUT_OF_LINE);
    }

    @Test
    void aBacklogMayNotBeginBehindItsRange() {
        cursors.startWithin("group/b", at(10), 21);
        assertThat(cursors.message("group/b", at(22))).isEqualTo(OUT_OF_LINE);
    }

    @Test
    void anEndedChannelStillTakesWhatIsUnderWayButIsNotResumed() {
        cursors.end(LOBBY);
        assertThat(cursors.message(LOBBY, at(6))).isEqualTo(NEXT);
        assertThat(cursors.removeEnded()).containsExactly(LOBBY);
        assertThat(cursors.resume()).isEmpty();
    }

    @Test
    void anEndedChannelBeginsAnewWhenJoinedAgain() {
        cursors.end(LOBBY);
        assertThat(cursors.start(LOBBY, at(30))).isTrue();
        assertThat(cursors.removeEnded()).isEmpty();
        assertThat(cursors.resume()).containsExactly(new Resume(LOBBY, at(30)));
    }

    private static Cursor at(long seq) {
        return new Cursor("e1", seq);
    }
}
