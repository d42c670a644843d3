package dev.parley.server.log;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.awaitility.Awaitility.await;

import dev.parley.protocol.Cursor;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What {@link ChannelLog} promises. Each test has a channel of its own. */
public abstract class ChannelLogContract {
    protected static final Duration WINDOW = Duration.ofMinutes(10);
    protected static final Retention LONG = new Retention(1000, Duration.ofDays(7), Duration.ofDays(30));
    protected static final long DEADLINE = 5000;

    protected String channel;

    @BeforeEach
    void nameTheChannel() {
        channel = "group/" + UUID.randomUUID();
    }

    /** The log under test, as one instance has it. */
    protected abstract ChannelLog log();

    /** The same log as another instance has it; where it cannot be shared, the same. */
    protected abstract ChannelLog another();

    /** Does what the log does by itself every minute. */
    protected void aMinutePasses() {}

    @Test
    void seqCountsFromOne() {
        assertThat(append("a").at().seq()).isEqualTo(1);
        assertThat(append("b").at().seq()).isEqualTo(2);
        assertThat(texts(Range.after(channel, 0, 10))).containsExactly("a", "b");
    }

    @Test
    void concurrentAppendsLeaveNoHoleAndKeepEachThreadsOrder() {
        List<CompletableFuture<List<Appended>>> threads = IntStream.range(0, 4)
                .mapToObj(thread -> CompletableFuture.supplyAsync(() -> appendMany(thread, 250)))
                .toList();

        List<Long> seqs = new ArrayList<>();
        for (CompletableFuture<List<Appended>> thread : threads) {
            List<Long> own = get(thread).stream().map(one -> one.at().seq()).toList();
            assertThat(own).isSorted();
            seqs.addAll(own);
        }
        assertThat(seqs)
                .containsExactlyInAnyOrderElementsOf(
                        LongStream.rangeClosed(1, 1000).boxed().toList());
        assertThat(new HashSet<>(texts(Range.after(channel, 0, 2000)))).hasSize(1000);
    }

    private List<Appended> appendMany(int thread, int count) {
        ChannelLog mine = thread % 2 == 0 ? log() : another();
        List<CompletionStage<Appended>> sent = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            sent.add(mine.append(entry(thread + ":" + i, null)));
        }
        return sent.stream().map(ChannelLogContract::get).toList();
    }

    @Test
    void aRepeatIsAnsweredWithTheFirstPlaceAndTime() {
        Append first = withId("a", "anna", "m1", WINDOW);
        Appended appended = get(log().append(first));
        append("b");
        Append repeat = new Append(channel, null, first.dedup(), first.time() + 1000, DEADLINE, LONG, bytes("again"));

        assertThat(get(log().append(repeat))).isEqualTo(new Appended(appended.at(), first.time(), true));
        assertThat(get(another().append(repeat))).isEqualTo(new Appended(appended.at(), first.time(), true));
        assertThat(texts(Range.after(channel, 0, 10))).containsExactly("a", "b");
    }

    @Test
    void repeatsInOneBurstAreOneEntry() {
        List<CompletionStage<Appended>> sent = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            sent.add((i % 2 == 0 ? log() : another()).append(withId("a", "anna", "m1", WINDOW)));
        }

        List<Appended> answers = sent.stream().map(ChannelLogContract::get).toList();
        assertThat(answers).extracting(Appended::at).containsOnly(answers.get(0).at());
        assertThat(answers).filteredOn(one -> !one.duplicate()).hasSize(1);
    }

    @Test
    void theSameIdOfAnotherSenderIsAnotherEntry() {
        get(log().append(withId("a", "anna", "m1", WINDOW)));

        assertThat(get(log().append(withId("b", "ben", "m1", WINDOW))).duplicate())
                .isFalse();
        assertThat(texts(Range.after(channel, 0, 10))).containsExactly("a", "b");
    }

    @Test
    void anIdIsForgottenAfterTheWindowAndNotBefore() {
        Duration window = Duration.ofMillis(400);
        long began = System.nanoTime();
        Appended first = get(log().append(withId("a", "anna", "m1", window)));

        await().pollInterval(Duration.ofMillis(20)).until(() -> {
            Appended repeat = get(log().append(withId("a", "anna", "m1", window)));
            assertThat(repeat.duplicate()).isEqualTo(repeat.at().equals(first.at()));
            return !repeat.duplicate();
        });
        assertThat(Duration.ofNanos(System.nanoTime() - began)).isGreaterThanOrEqualTo(window);
    }

    @Test
    void windowsOfDifferentLengthLiveSideBySide() {
        Appended person = get(log().append(withId("a", "anna", "m1", WINDOW)));
        Appended service = get(log().append(withId("b", "shop", "m1", WINDOW.dividedBy(2))));

        assertThat(get(log().append(withId("a", "anna", "m1", WINDOW))).at()).isEqualTo(person.at());
        assertThat(get(log().append(withId("b", "shop", "m1", WINDOW.dividedBy(2))))
                        .at())
                .isEqualTo(service.at());
    }

    @Test
    void anAppendAfterItsDeadlineDoesNotTakeEffect() {
        append("a");

        assertUnavailable(log().append(new Append(channel, null, null, 0, -1000, LONG, bytes("late"))));
        assertThat(texts(Range.after(channel, 0, 10))).containsExactly("a");
    }

    @Test
    void keepsAboutAsManyEntriesAsItShould() {
        Retention ten = new Retention(10, Duration.ofDays(1), Duration.ofDays(1));
        for (int i = 1; i <= 300; i++) {
            get(log().append(new Append(channel, null, null, 0, DEADLINE, ten, bytes("e" + i))));
        }

        assertThat(seqs(Range.after(channel, 0, 1000)))
                .containsExactlyElementsOf(
                        LongStream.rangeClosed(291, 300).boxed().toList());
    }

    @Test
    void appendsDropWhatIsOverAge() {
        Retention brief = new Retention(1000, Duration.ofMillis(200), Duration.ofDays(1));
        get(log().append(new Append(channel, null, null, 0, DEADLINE, brief, bytes("old"))));

        await().pollInterval(Duration.ofMillis(50)).untilAsserted(() -> {
            get(log().append(new Append(channel, null, null, 0, DEADLINE, brief, bytes("new"))));
            assertThat(texts(Range.after(channel, 0, 1000))).isNotEmpty().doesNotContain("old");
            assertThat(seqs(Range.after(channel, 0, 1000))).isNotEmpty().allMatch(seq -> seq > 1);
        });
    }

    @Test
    void aSilentChannelLosesWhatIsOverAgeButNotItsPlace() {
        Retention brief = new Retention(1000, Duration.ofMillis(200), Duration.ofDays(1));
        Appended last = get(log().append(new Append(channel, null, null, 0, DEADLINE, brief, bytes("old"))));

        await().until(() -> texts(Range.after(channel, 0, 10)).isEmpty());
        assertThat(get(log().head(channel, last.at()))).isEqualTo(last.at());
        assertThat(append("next").at()).isEqualTo(new Cursor(last.at().epoch(), 2));
    }

    @Test
    void aChannelThatNobodyUsesIsForgottenAsAWhole() {
        Retention brief = new Retention(1000, Duration.ofMillis(200), Duration.ofMillis(200));
        Appended appended = get(log().append(new Append(channel, null, null, 0, DEADLINE, brief, bytes("a"))));

        // To ask is to use, so each question comes after a rest of more than the idle time.
        await().pollDelay(Duration.ofMillis(500))
                .pollInterval(Duration.ofMillis(500))
                .until(() -> {
                    aMinutePasses();
                    return !get(log().head(channel, null))
                            .epoch()
                            .equals(appended.at().epoch());
                });
        assertThat(get(log().head(channel, null)).seq()).isZero();
    }

    @Test
    void aChannelNeverUsedHasAnEpochAndNoEntries() {
        Cursor head = get(log().head(channel, null));

        assertThat(head.seq()).isZero();
        assertThat(get(another().head(channel, null))).isEqualTo(head);
        assertThat(get(log().read(Range.after(channel, 0, 10)))).isEqualTo(new Slice(head, List.of(), false));
        assertThat(append("a").at()).isEqualTo(new Cursor(head.epoch(), 1));
    }

    @Test
    void readingBeginsTheFirstEpochToo() {
        Slice slice = get(log().read(Range.after(channel, 0, 10)));

        assertThat(get(log().head(channel, null))).isEqualTo(slice.head());
    }

    @Test
    void readsRangesInBothDirections() {
        for (int i = 1; i <= 300; i++) {
            log().append(entry("e" + i, null));
        }
        append("e301");

        assertThat(seqs(new Range(channel, 1, Long.MAX_VALUE, 1000, false))).hasSize(301);
        assertThat(seqs(new Range(channel, 1, Long.MAX_VALUE, 1000, true)))
                .hasSize(301)
                .isSorted();
        assertThat(seqs(new Range(channel, 100, 102, 10, false))).containsExactly(100L, 101L, 102L);
        assertThat(seqs(new Range(channel, 100, 102, 2, false))).containsExactly(100L, 101L);
        assertThat(seqs(new Range(channel, 100, 102, 2, true))).containsExactly(101L, 102L);
        assertThat(seqs(new Range(channel, 1, Long.MAX_VALUE, 2, true))).containsExactly(300L, 301L);
        assertThat(seqs(new Range(channel, 2, 290, 280, false)))
                .hasSize(280)
                .startsWith(2L)
                .endsWith(281L);
        assertThat(seqs(new Range(channel, 2, 290, 280, true)))
                .hasSize(280)
                .startsWith(11L)
                .endsWith(290L);
        assertThat(seqs(new Range(channel, 302, Long.MAX_VALUE, 10, false))).isEmpty();
        assertThat(seqs(new Range(channel, 50, 40, 10, false))).isEmpty();
    }

    @Test
    void aReadOfLargeEntriesEndsEarlyAndSaysThatThereIsMore() {
        String large = "x".repeat(ChannelLog.READ_BYTES * 2 / 5);
        for (int i = 1; i <= 10; i++) {
            log().append(entry(large, null));
        }
        append(large.repeat(5));

        Slice oldest = get(log().read(Range.after(channel, 0, 100)));
        Slice newest = get(log().read(new Range(channel, 1, Long.MAX_VALUE, 100, true)));
        Slice next = get(log().read(new Range(channel, 8, 10, 100, true)));
        Slice atLimit = get(log().read(Range.after(channel, 0, 2)));

        assertThat(oldest.entries()).extracting(Entry::seq).containsExactly(1L, 2L, 3L);
        assertThat(oldest.more()).isTrue();
        assertThat(newest.entries()).extracting(Entry::seq).containsExactly(11L);
        assertThat(newest.more()).isTrue();
        assertThat(next.entries()).extracting(Entry::seq).containsExactly(8L, 9L, 10L);
        assertThat(atLimit.entries()).hasSize(2);
        assertThat(atLimit.more()).isTrue();
        assertThat(get(log().read(Range.after(channel, 10, 100))).entries()).hasSize(1);
        assertThat(seqs(Range.after(channel, 0, 100)))
                .isEqualTo(LongStream.rangeClosed(1, 11).boxed().toList());
        assertThat(seqs(new Range(channel, 1, Long.MAX_VALUE, 100, true)))
                .isEqualTo(LongStream.rangeClosed(1, 11).boxed().toList());
    }

    @Test
    void manyWhoReadTheSameGetTheSame() {
        for (int i = 1; i <= 200; i++) {
            log().append(entry("e" + i, null));
        }
        append("last");
        List<CompletionStage<Slice>> reads = new ArrayList<>();
        for (int i = 0; i < 300; i++) {
            reads.add(log().read(Range.after(channel, i % 3, 1000)));
        }

        for (int i = 0; i < 300; i++) {
            assertThat(get(reads.get(i)).entries()).hasSize(201 - i % 3);
        }
    }

    @Test
    void aReadSeesWhatWasAppendedBefore() {
        for (int i = 1; i <= 50; i++) {
            append("e" + i);
            assertThat(get(log().read(Range.after(channel, 0, 1000))).entries()).hasSize(i);
        }
    }

    @Test
    void aPlaceAheadOfTheLogBeginsANewEpoch() {
        Appended a = append("a");
        Cursor lost = new Cursor(a.at().epoch(), 7);

        Cursor head = get(log().head(channel, lost));

        assertThat(head.seq()).isZero();
        assertThat(head.epoch()).isNotEqualTo(a.at().epoch());
        assertThat(texts(Range.after(channel, 0, 10))).isEmpty();
        assertThat(append("b").at()).isEqualTo(new Cursor(head.epoch(), 1));
    }

    @Test
    void anAppendWithAPlaceAheadOfTheLogBeginsANewEpoch() {
        Appended a = get(log().append(withId("a", "anna", "m1", WINDOW)));
        Cursor lost = new Cursor(a.at().epoch(), 7);

        Appended b = get(log().append(new Append(channel, lost, null, 0, DEADLINE, LONG, bytes("b"))));

        assertThat(b.at().epoch()).isNotEqualTo(a.at().epoch());
        assertThat(b.at().seq()).isEqualTo(1);
        assertThat(texts(Range.after(channel, 0, 10))).containsExactly("b");
        // What was acknowledged in the lost epoch may be lost, so a repeat is an entry again.
        assertThat(get(log().append(withId("a", "anna", "m1", WINDOW))).at()).isEqualTo(new Cursor(b.at().epoch(), 2));
    }

    @Test
    void aPlaceOfAnotherEpochSaysNothing() {
        Appended a = append("a");

        assertThat(get(log().head(channel, new Cursor("elsewhere", 7)))).isEqualTo(a.at());
        Appended b =
                get(log().append(new Append(channel, new Cursor("elsewhere", 7), null, 0, DEADLINE, LONG, bytes("b"))));
        assertThat(b.at()).isEqualTo(new Cursor(a.at().epoch(), 2));
    }

    @Test
    void aRestartBeginsOneNewEpochHoweverManyAskForIt() {
        Appended a = append("a");
        List<CompletionStage<Cursor>> restarts = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            restarts.add((i % 2 == 0 ? log() : another()).restart(channel, a.at().epoch()));
        }

        Set<Cursor> heads = new HashSet<>();
        restarts.forEach(head -> heads.add(get(head)));
        assertThat(heads).hasSize(1).doesNotContain(a.at());
        assertThat(heads.iterator().next().seq()).isZero();
    }

    @Test
    void aRestartOfAnEpochThatIsOverChangesNothing() {
        Appended a = append("a");

        assertThat(get(log().restart(channel, "long gone"))).isEqualTo(a.at());
    }

    @Test
    void theDoorbellRingsEveryEntryInOrderAndEachNamesTheOneBefore() {
        Heard heard = follow(another());
        for (int i = 1; i <= 500; i++) {
            log().append(entry("e" + i, null));
        }

        await().until(() -> heard.entries.size() == 500);
        String epoch = heard.entries.get(0).epoch();
        long previous = 0;
        for (int i = 0; i < 500; i++) {
            Heard.Ring ring = heard.entries.get(i);
            assertThat(ring).isEqualTo(new Heard.Ring(epoch, i + 1, previous, ring.tag(), "e" + (i + 1)));
            assertThat(ring.tag()).isNotZero();
            previous = ring.tag();
        }
        assertThat(get(log().head(channel, null)).epoch()).isEqualTo(epoch);
    }

    @Test
    void whatIsAppendedOneAfterTheOtherHasTagsOfItsOwn() {
        Heard heard = follow(another());
        append("a");
        append("b");

        await().until(() -> heard.entries.size() == 2);
        assertThat(heard.entries.get(0).tag()).isNotEqualTo(heard.entries.get(1).tag());
    }

    @Test
    void aRepeatRingsNoEntry() {
        Heard heard = follow(log());
        get(log().append(withId("a", "anna", "m1", WINDOW)));
        get(log().append(withId("a", "anna", "m1", WINDOW)));
        append("end");

        await().until(() -> heard.entries.stream().anyMatch(ring -> ring.text().equals("end")));
        assertThat(heard.entries).extracting(Heard.Ring::text).containsExactly("a", "end");
    }

    @Test
    void theFirstEntryOfANewEpochHasNoneBefore() {
        Appended a = append("a");
        Cursor head = get(log().restart(channel, a.at().epoch()));
        Heard heard = follow(log());
        append("b");

        await().until(() -> heard.entries.size() == 1);
        assertThat(heard.entries.get(0).epoch()).isEqualTo(head.epoch());
        assertThat(heard.entries.get(0).previous()).isZero();
    }

    @Test
    void whatIsOnlyRungIsHeardAndNotKept() {
        Heard heard = follow(another());
        get(log().ring(channel, bytes("typing")));

        await().untilAsserted(() -> assertThat(heard.events).containsExactly("typing"));
        assertThat(texts(Range.after(channel, 0, 10))).isEmpty();
    }

    @Test
    void onlyTheChannelFollowedIsHeard() {
        Heard heard = follow(log());
        get(log().append(new Append(channel + "x", null, null, 0, DEADLINE, LONG, bytes("other"))));
        append("own");

        await().until(() -> !heard.entries.isEmpty());
        assertThat(heard.entries).extracting(Heard.Ring::text).containsExactly("own");
    }

    @Test
    void nothingIsMissedBetweenTheHeadAndTheFirstRing() {
        AtomicBoolean stop = new AtomicBoolean();
        CompletableFuture<Void> appending = CompletableFuture.runAsync(() -> {
            while (!stop.get()) {
                append("e");
            }
        });
        for (int round = 0; round < 20; round++) {
            Heard heard = new Heard();
            Following following = log().follow(channel, heard);
            get(following.ready());
            long head = get(log().head(channel, null)).seq();

            await().until(() -> heard.entries.stream().anyMatch(ring -> ring.seq() > head + 5));
            following.close();
            assertThat(heard.entries.stream().map(Heard.Ring::seq).filter(seq -> seq > head))
                    .startsWith(head + 1, head + 2, head + 3, head + 4, head + 5);
        }
        stop.set(true);
        get(appending);
    }

    @Test
    void nothingIsHeardAfterClosing() {
        Heard first = new Heard();
        Following following = log().follow(channel, first);
        get(following.ready());
        following.close();
        following.close();
        Heard second = follow(log());
        append("a");

        await().until(() -> second.entries.size() == 1);
        assertThat(first.entries).isEmpty();
    }

    protected Heard follow(ChannelLog by) {
        Heard heard = new Heard();
        get(by.follow(channel, heard).ready());
        return heard;
    }

    protected Appended append(String text) {
        return get(log().append(entry(text, null)));
    }

    protected Append entry(String text, Append.Dedup dedup) {
        return new Append(channel, null, dedup, 1_700_000_000_000L, DEADLINE, LONG, bytes(text));
    }

    protected Append withId(String text, String sender, String id, Duration window) {
        return entry(text, new Append.Dedup(sender, id, window));
    }

    /** All of a range, however many reads that takes. */
    private List<Entry> entries(Range range) {
        Deque<Entry> found = new ArrayDeque<>();
        Range left = range;
        boolean more = true;
        while (more && left.limit() > 0) {
            Slice slice = get(log().read(left));
            List<Entry> some = slice.entries();
            more = slice.more();
            assertThat(more && some.isEmpty())
                    .as("a read that gives nothing and has more")
                    .isFalse();
            int rest = left.limit() - some.size();
            if (range.newest()) {
                for (int i = some.size() - 1; i >= 0; i--) {
                    found.addFirst(some.get(i));
                }
                left = some.isEmpty()
                        ? left
                        : new Range(
                                left.channel(), left.from(), found.peekFirst().seq() - 1, rest, true);
            } else {
                found.addAll(some);
                left = some.isEmpty()
                        ? left
                        : new Range(left.channel(), found.peekLast().seq() + 1, left.to(), rest, false);
            }
        }
        return List.copyOf(found);
    }

    protected List<String> texts(Range range) {
        return entries(range).stream()
                .map(entry -> new String(entry.bytes(), StandardCharsets.UTF_8))
                .toList();
    }

    protected List<Long> seqs(Range range) {
        return entries(range).stream().map(Entry::seq).toList();
    }

    protected static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    protected static <T> T get(CompletionStage<T> stage) {
        return stage.toCompletableFuture().orTimeout(60, SECONDS).join();
    }

    protected static void assertUnavailable(CompletionStage<?> stage) {
        assertThat(catchThrowable(() -> get(stage)))
                .isInstanceOf(CompletionException.class)
                .hasCauseInstanceOf(LogUnavailableException.class);
    }
}
