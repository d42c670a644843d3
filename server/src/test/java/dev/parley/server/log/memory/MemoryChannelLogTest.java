package dev.parley.server.log.memory;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.protocol.Cursor;
import dev.parley.server.log.Append;
import dev.parley.server.log.Appended;
import dev.parley.server.log.ChannelLog;
import dev.parley.server.log.ChannelLogContract;
import dev.parley.server.log.Heard;
import dev.parley.server.log.Range;
import dev.parley.server.log.Retention;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class MemoryChannelLogTest extends ChannelLogContract {
    private static final long CAP = 1 << 20;

    private final AtomicLong advance = new AtomicLong();
    private final MemoryChannelLog log = new MemoryChannelLog(CAP, () -> System.nanoTime() / 1_000_000 + advance.get());

    @Override
    protected ChannelLog log() {
        return log;
    }

    @Override
    protected ChannelLog another() {
        return log;
    }

    @Override
    protected void aMinutePasses() {
        log.sweep();
    }

    @Test
    void anAppendIsCompleteWhenTheCallReturns() {
        Heard heard = follow(log);

        assertThat(log.append(entry("a", null)).toCompletableFuture()).isCompleted();
        assertThat(heard.entries).hasSize(1);
    }

    @Test
    void overTheCapTheOldestOfAllChannelsGoFirst() {
        String old = channel + "-old";
        String later = channel + "-later";
        appendKilobytes(old, 500);
        advance.addAndGet(10);
        appendKilobytes(later, 500);
        advance.addAndGet(10);
        appendKilobytes(old, 400);

        assertThat(log.bytes()).isLessThanOrEqualTo(CAP);
        assertThat(get(log.read(Range.after(old, 0, 1000))).entries().get(0).seq())
                .isEqualTo(501);
        assertThat(seqs(Range.after(later, 0, 1000)))
                .hasSizeBetween(1000 - 900 + 400 - 400, 500)
                .endsWith(500L);
    }

    @Test
    void manyMessageIdsDoNotOutgrowTheCap() {
        for (int i = 0; i < 50_000; i++) {
            log.append(withId("x", "anna", "m" + i, Duration.ofDays(1)));
        }

        assertThat(log.bytes()).isLessThanOrEqualTo(CAP);
        assertThat(get(log.append(withId("x", "anna", "m49999", Duration.ofDays(1))))
                        .duplicate())
                .isTrue();
    }

    @Test
    void theIdsOfManyChannelsDoNotPushOutWhatIsNew() {
        Append.Dedup id = new Append.Dedup("anna", "m1", Duration.ofDays(1));
        String last = null;
        for (int i = 0; i < 5_000; i++) {
            last = channel + i;
            advance.addAndGet(1);
            get(log.append(new Append(last, null, id, 0, DEADLINE, LONG, bytes("x"))));
        }

        assertThat(log.bytes()).isLessThanOrEqualTo(CAP);
        assertThat(get(log.read(Range.after(last, 0, 10))).entries()).hasSize(1);
        assertThat(get(log.append(new Append(last, null, id, 0, DEADLINE, LONG, bytes("x"))))
                        .duplicate())
                .isTrue();
    }

    @Test
    void aForgottenChannelFreesItsBytesAndIsAnotherWhenItComesBack() {
        Retention brief = new Retention(1000, Duration.ofDays(1), Duration.ofDays(1));
        Appended first = get(log.append(new Append(channel, null, null, 0, DEADLINE, brief, bytes("a"))));
        advance.addAndGet(Duration.ofDays(2).toMillis());
        log.sweep();

        assertThat(log.bytes()).isZero();
        assertThat(log.channels()).isZero();
        Appended second = append("b");
        assertThat(second.at().seq()).isEqualTo(1);
        assertThat(second.at().epoch()).isNotEqualTo(first.at().epoch());
    }

    @Test
    void whatAForgottenChannelHeldIsFreedOnce() {
        MemoryBytes bytes = new MemoryBytes(CAP);
        Channel forgotten = new Channel(bytes, "k3", 0);
        Retention brief = new Retention(10, Duration.ofDays(1), Duration.ofSeconds(1));
        forgotten.append(new Append(channel, null, null, 0, DEADLINE, brief, bytes("x")), 0, () -> "m8");
        assertThat(forgotten.sweep(10_000, 0)).isTrue();

        forgotten.makeRoom(10_000);

        assertThat(bytes.total()).isZero();
    }

    @Test
    void aFollowedChannelIsNotForgotten() {
        follow(log);
        Cursor head = get(log.head(channel, null));
        advance.addAndGet(Duration.ofDays(100).toMillis());
        log.sweep();

        assertThat(get(log.head(channel, null))).isEqualTo(head);
    }

    private void appendKilobytes(String to, int count) {
        for (int i = 0; i < count; i++) {
            get(log.append(new Append(to, null, null, 0, DEADLINE, LONG, new byte[1024])));
        }
    }
}
