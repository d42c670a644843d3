package dev.parley.server.log.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.parley.protocol.Cursor;
import dev.parley.server.log.Append;
import dev.parley.server.log.Appended;
import dev.parley.server.log.ChannelLog;
import dev.parley.server.log.ChannelLogContract;
import dev.parley.server.log.Heard;
import dev.parley.server.log.Range;
import dev.parley.server.redis.Keys;
import dev.parley.server.testing.RedisCluster;
import dev.parley.server.testing.RedisClusterAccess;
import dev.parley.server.testing.RedisServer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletionStage;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The log's contract on a Redis Cluster, and what becomes of a channel whose slot moves. */
abstract class RedisClusterChannelLogContract extends ChannelLogContract {
    private RedisChannelLog log;
    private RedisChannelLog another;

    abstract RedisClusterAccess redis();

    @BeforeEach
    void open() {
        log = new RedisChannelLog(redis().link(), 0, Duration.ofSeconds(1));
        another = new RedisChannelLog(redis().otherLink(), 0, Duration.ofSeconds(1));
    }

    @Override
    protected ChannelLog log() {
        return log;
    }

    @Override
    protected ChannelLog another() {
        return another;
    }

    @Test
    void manyChannelsOnAllShardsAreAppendedToAtOnce() {
        List<String> channels = IntStream.range(0, 500)
                .mapToObj(i -> "group/" + UUID.randomUUID())
                .toList();
        List<CompletionStage<Appended>> sent = new ArrayList<>();
        for (int round = 0; round < 4; round++) {
            for (String each : channels) {
                sent.add(log.append(new Append(each, null, null, 0, DEADLINE, LONG, bytes("e" + round))));
            }
        }
        sent.forEach(ChannelLogContract::get);

        List<CompletionStage<Cursor>> heads =
                channels.stream().map(each -> log.head(each, null)).toList();
        assertThat(heads).allSatisfy(head -> assertThat(get(head).seq()).isEqualTo(4));
    }

    @Test
    void aChannelGoesOnWhereItWasWhenItsSlotMoves() {
        RedisCluster cluster = redis().cluster();
        Heard heard = follow(another);
        Cursor a = append("a").at();
        RedisServer from = cluster.ownerOf(Keys.meta(channel));
        RedisServer to = cluster.servers().stream()
                .filter(server -> server != from)
                .findFirst()
                .orElseThrow();
        int slot = cluster.slot(Keys.meta(channel));

        cluster.beginMove(slot, from, to);
        CompletionStage<Appended> meanwhile = log.append(entry("b", null));
        cluster.moveKeys(slot, from, to);
        cluster.endMove(slot, from, to);

        assertThat(get(meanwhile).at()).isEqualTo(new Cursor(a.epoch(), 2));
        assertThat(append("c").at()).isEqualTo(new Cursor(a.epoch(), 3));
        assertThat(texts(Range.after(channel, 0, 10))).containsExactly("a", "b", "c");
        await().until(() -> heard.interruptions.get() > 0);
        append("d");
        await().untilAsserted(() ->
                assertThat(heard.entries).extracting(Heard.Ring::text).contains("d"));
    }
}
