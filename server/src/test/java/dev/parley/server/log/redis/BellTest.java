package dev.parley.server.log.redis;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.server.log.Heard;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What comes of a doorbell's messages in whatever order they arrive. */
class BellTest {
    private final Heard heard = new Heard();
    private final Bell bell = new Bell(heard);

    private void ring(String message) {
        bell.ring(message.getBytes(StandardCharsets.UTF_8));
    }

    private void parcel(long tag, String... entries) {
        List<byte[]> bytes = Arrays.stream(entries)
                .map(entry -> entry.getBytes(StandardCharsets.UTF_8))
                .toList();
        bell.ring(Bell.parcel(tag, bytes));
    }

    @Test
    void anEntryAloneIsHeardWhole() {
        ring("eabc 7 4711 4712\nhello\nworld 1");

        assertThat(heard.entries).containsExactly(new Heard.Ring("abc", 7, 4711, 4712, "hello\nworld 1"));
    }

    @Test
    void entriesAreHeardWithTheirPlacesAndNotBefore() {
        parcel(5, "a", "", "c\nc");
        assertThat(heard.entries).isEmpty();

        ring("b1 3 abc 7 4711 5");

        assertThat(heard.entries)
                .containsExactly(
                        new Heard.Ring("abc", 7, 4711, 5, "a"),
                        new Heard.Ring("abc", 8, 5, 5, ""),
                        new Heard.Ring("abc", 9, 5, 5, "c\nc"));
        assertThat(heard.interruptions).hasValue(0);
    }

    @Test
    void repeatsAmongThemAreLeftOut() {
        parcel(5, "a", "repeat", "c");

        ring("b1 1 abc 7 4711 5");
        ring("b3 1 abc 8 5 5");

        assertThat(heard.entries).extracting(Heard.Ring::text).containsExactly("a", "c");
    }

    @Test
    void twoInstancesDoNotMixUpTheirs() {
        parcel(5, "a");
        parcel(6, "b");

        ring("b1 1 abc 1 0 6");
        ring("b1 1 abc 2 6 5");

        assertThat(heard.entries).extracting(Heard.Ring::text).containsExactly("b", "a");
    }

    @Test
    void placesWhoseEntriesNeverCameAreReadFromTheLog() {
        ring("b1 3 abc 7 4711 5");
        assertThat(heard.interruptions).hasValue(1);

        parcel(5, "a", "b", "c");
        ring("x5");
        ring("b1 3 abc 7 4711 5");
        assertThat(heard.interruptions).hasValue(2);

        assertThat(heard.entries).isEmpty();
    }

    @Test
    void ofThoseThatNeverGetAPlaceOnlyTheNewestAreKept() {
        for (int tag = 1; tag <= Parcels.MOST + 1; tag++) {
            parcel(tag, "of " + tag);
        }

        ring("b1 1 abc 1 0 1");
        ring("b1 1 abc 2 1 2");

        assertThat(heard.interruptions).hasValue(1);
        assertThat(heard.entries).extracting(Heard.Ring::text).containsExactly("of 2");
    }

    @Test
    void whatWaitedWhileTheWayWasInterruptedIsForgotten() {
        parcel(5, "a");
        bell.interrupted();
        ring("b1 1 abc 1 0 5");

        assertThat(heard.interruptions).hasValue(2);
        assertThat(heard.entries).isEmpty();
    }
}
