package dev.parley.server.group;

import static dev.parley.server.testing.Stages.get;
import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.protocol.Cursor;
import dev.parley.protocol.Limits;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

/** What every {@link PositionStore} does. */
public abstract class PositionStoreContract {
    private final String channel = "group/" + UUID.randomUUID();

    /** The store under test, which may hold what other tests left. */
    protected abstract PositionStore store();

    @Test
    void aPositionOnlyRises() {
        assertThat(raise("k3", 5)).isTrue();
        assertThat(raise("k3", 5)).isFalse();
        assertThat(raise("k3", 4)).isFalse();
        assertThat(raise("k3", 10)).isTrue();

        assertThat(position()).isEqualTo(new Cursor("k3", 10));
    }

    @Test
    void nothingReadIsNoPosition() {
        assertThat(raise("k3", 0)).isFalse();
        assertThat(get(store().of("ada", List.of(channel)))).isEmpty();
    }

    @Test
    void aNewEpochBeginsAnew() {
        raise("k3", 500);

        assertThat(raise("m8", 2)).isTrue();
        assertThat(position()).isEqualTo(new Cursor("m8", 2));
    }

    @Test
    void theLargestSeqIsKeptExactly() {
        raise("k3", Limits.COUNT_MAX - 1);

        assertThat(raise("k3", Limits.COUNT_MAX)).isTrue();
        assertThat(position().seq()).isEqualTo(Limits.COUNT_MAX);
    }

    @Test
    void theHighestOfManyAtOnceStays() {
        LongStream.rangeClosed(1, 200).parallel().forEach(seq -> raise("k3", seq));

        assertThat(position().seq()).isEqualTo(200);
    }

    @Test
    void eachUserAndChannelHasItsOwn() {
        String other = channel + "2";
        raise("k3", 5);
        get(store().raise(other, "ada", new Cursor("k3", 7)));
        get(store().raise(channel, "bob", new Cursor("k3", 9)));

        assertThat(get(store().of("ada", List.of(channel, other, channel + "3"))))
                .isEqualTo(Map.of(channel, new Cursor("k3", 5), other, new Cursor("k3", 7)));
    }

    @Test
    void allOfAChannelAreGivenAtOnce() {
        raise("k3", 5);
        get(store().raise(channel, "bob", new Cursor("m8", 9)));
        get(store().raise(channel + "2", "eve", new Cursor("k3", 1)));

        assertThat(get(store().all(channel))).isEqualTo(Map.of("ada", new Cursor("k3", 5), "bob", new Cursor("m8", 9)));
        assertThat(get(store().all(channel + "3"))).isEmpty();
    }

    @Test
    void whoIsInManyGroupsHasAPositionInEach() {
        List<String> channels =
                IntStream.range(0, 5_000).mapToObj(i -> channel + "." + i).toList();
        get(store().raise(channels.get(0), "ada", new Cursor("k3", 1)));
        get(store().raise(channels.get(4_999), "ada", new Cursor("k3", 2)));

        assertThat(get(store().of("ada", channels)))
                .isEqualTo(Map.of(channels.get(0), new Cursor("k3", 1), channels.get(4_999), new Cursor("k3", 2)));
    }

    private boolean raise(String epoch, long seq) {
        return get(store().raise(channel, "ada", new Cursor(epoch, seq)));
    }

    private Cursor position() {
        return get(store().of("ada", List.of(channel))).get(channel);
    }
}
