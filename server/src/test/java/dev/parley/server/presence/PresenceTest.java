package dev.parley.server.presence;

import static dev.parley.server.testing.Stages.get;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;
import static org.awaitility.Awaitility.await;

import dev.parley.protocol.Address;
import dev.parley.protocol.ServerFrame.PresentUser;
import dev.parley.protocol.ServerFrame.Result.Present;
import dev.parley.server.delivery.Stored;
import dev.parley.server.presence.memory.MemoryPresences;
import io.vertx.core.Vertx;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Presence on one instance without Redis. */
class PresenceTest {
    private static final String NODE = "n000001";
    private static final Address.Group LOBBY = new Address.Group("lobby");
    private static final Duration LONG = Duration.ofHours(1);

    /** Longer than a test takes between two of its steps. */
    private static final Duration GRACE = Duration.ofSeconds(3);

    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private final Vertx vertx = Vertx.vertx();
    private final Told told = new Told();

    @AfterEach
    void close() {
        vertx.close().toCompletionStage().toCompletableFuture().join();
    }

    @Test
    void whoComesIsToldOfToAllButThemselves() {
        Presence presence = presence(Paces.QUICK);

        arrive(presence, "ada");
        arrive(presence, "bob");

        await().until(() -> told.all().size() == 2);
        assertThat(told.brief()).containsExactly("joined ada 1", "joined bob 1");
        assertThat(told.all().get(1).channel()).isEqualTo("group/lobby");
        assertThat(told.all().get(1).who()).isEqualTo(new Stored(null, List.of("bob"), null));
        assertThat(told.all().get(1).frame().name()).isEqualTo("BOB");
    }

    @Test
    void theFirstToComeAfterARestIsToldOfAtOnce() {
        Presence presence = presence(Paces.QUICK);

        arrive(presence, "ada");

        assertThat(told.brief()).containsExactly("joined ada 1");
    }

    @Test
    void anotherDeviceAndAnotherNameAreUpdates() {
        Presence presence = presence(Paces.QUICK);
        arrive(presence, "ada");

        presence.arrived(LOBBY, "ada", "ADA", "n.2");
        await().until(() -> told.brief().equals(List.of("joined ada 1", "updated ada 2")));
        presence.arrived(LOBBY, "ada", "Ada L.", "n.3");
        presence.departed(LOBBY, "ada", "n.2");

        await().untilAsserted(() -> assertThat(told.all())
                .last()
                .extracting(Told.Notice::brief, notice -> notice.frame().name())
                .containsExactly("updated ada 2", "Ada L."));
    }

    @Test
    void theSameConnectionCountsOnce() {
        Presence presence = presence(Paces.QUICK);

        arrive(presence, "ada");
        arrive(presence, "ada");

        assertThat(get(presence.who(LOBBY, 10)).users())
                .extracting(PresentUser::devices)
                .containsExactly(1);
    }

    @Test
    void whoLosesTheConnectionIsGoneAfterTheGrace() {
        Presence presence = presence(Paces.QUICK);
        arrive(presence, "ada");
        arrive(presence, "bob");
        await().until(() -> told.brief().contains("joined bob 1"));

        long departed = System.nanoTime();
        depart(presence, "bob");

        await().until(() -> told.brief().contains("left bob"));
        assertThat(told.all().get(2).at() - departed)
                .isGreaterThanOrEqualTo(Paces.QUICK.grace().toNanos());
        assertThat(get(presence.who(LOBBY, 10)).count()).isEqualTo(1);
    }

    @Test
    void aReconnectWithinTheGraceIsNotNoticed() {
        Presence presence = presence(Paces.grace(GRACE));
        arrive(presence, "ada");
        arrive(presence, "bob");
        await().until(() -> told.all().size() == 2);

        depart(presence, "bob");
        await().until(() -> get(presence.store.read("lobby")).size() == 1);
        presence.arrived(LOBBY, "bob", "BOB", "n.other");

        await().during(GRACE.plusSeconds(1))
                .atMost(PATIENCE)
                .until(() -> told.all().size() == 2);
    }

    /** The network held up a write so long that it was given up, and lets it through when all is over. */
    @Test
    void whatAWriteLeavesBehindThatTakesEffectLateIsTakenAway() {
        MemoryPresences memory = new MemoryPresences(NODE);
        List<Object[]> writes = new CopyOnWriteArrayList<>();
        List<Integer> foundThen = new CopyOnWriteArrayList<>();
        PresenceStore store = (PresenceStore) Proxy.newProxyInstance(
                PresenceStore.class.getClassLoader(),
                new Class<?>[] {PresenceStore.class},
                (proxy, method, arguments) -> {
                    if (!method.getName().equals("write")) {
                        return invoke(memory, method, arguments);
                    }
                    writes.add(arguments);
                    if (writes.size() == 1) {
                        return CompletableFuture.failedStage(Presence.unavailable());
                    }
                    Object written = invoke(memory, method, arguments);
                    if (writes.size() == 2) {
                        invoke(memory, method, writes.get(0));
                        foundThen.add(get(memory.read("lobby")).size());
                    }
                    return written;
                });
        Presence presence = new Presence(told, store, NODE, Set::of, vertx, Paces.QUICK);
        arrive(presence, "ada");
        depart(presence, "ada");

        await().until(() -> !foundThen.isEmpty());
        assertThat(foundThen).containsExactly(1);
        await().until(() -> get(memory.read("lobby")).isEmpty());
    }

    private static Object invoke(PresenceStore store, Method method, Object... arguments) {
        try {
            return method.invoke(store, arguments);
        } catch (IllegalAccessException | InvocationTargetException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void whoIsInTheGraceStillCountsAsOn() {
        Presence presence = presence(Paces.grace(LONG));
        arrive(presence, "ada");
        arrive(presence, "bob");
        await().until(() -> told.brief().contains("joined bob 1"));

        depart(presence, "bob");

        assertThat(get(presence.who(LOBBY, 10)).users())
                .extracting(PresentUser::user)
                .containsExactlyInAnyOrder("ada", "bob");
    }

    @Test
    void whoComesAndGoesBetweenTwoRoundsIsNotToldOf() {
        Presence presence = presence(Paces.round(Duration.ofSeconds(2)));
        arrive(presence, "ada");

        arrive(presence, "bob");
        depart(presence, "bob");

        assertThat(get(presence.who(LOBBY, 10)).count()).isEqualTo(1);
        await().during(Duration.ofSeconds(3))
                .atMost(PATIENCE)
                .until(() -> told.brief().equals(List.of("joined ada 1")));
    }

    @Test
    void whoLeavesByWillIsGoneAtOnce() {
        Presence presence = presence(Paces.grace(LONG));
        arrive(presence, "ada");
        arrive(presence, "bob");
        await().until(() -> told.brief().contains("joined bob 1"));

        presence.left(LOBBY, "bob", "n.bob");

        await().until(() -> told.brief().contains("left bob"));
        assertThat(get(presence.who(LOBBY, 10)).count()).isEqualTo(1);
    }

    /** What is read tells that somebody is gone, and only the ring that it was by will. */
    @Test
    void whoLeavesByWillElsewhereIsGoneAtOnceThoughTheStoreIsReadBeforeTheRingComes() {
        MemoryPresences memory = new MemoryPresences(NODE);
        Here bob = new Here("BOB", 1, 1);
        List<Seen> elsewhere = new CopyOnWriteArrayList<>(List.of(new Seen("n000002", "bob", bob)));
        AtomicInteger readsWithout = new AtomicInteger();
        PresenceStore store = (PresenceStore) Proxy.newProxyInstance(
                PresenceStore.class.getClassLoader(),
                new Class<?>[] {PresenceStore.class},
                (proxy, method, arguments) -> {
                    if (!method.getName().equals("read")) {
                        return invoke(memory, method, arguments);
                    }
                    List<Seen> seen = new ArrayList<>(get(memory.read("lobby")));
                    seen.addAll(elsewhere);
                    readsWithout.addAndGet(elsewhere.isEmpty() ? 1 : 0);
                    return CompletableFuture.completedStage(seen);
                });
        Presence presence = new Presence(told, store, NODE, () -> Set.of(NODE, "n000002"), vertx, Paces.grace(LONG));
        arrive(presence, "ada");
        assertThat(get(presence.who(LOBBY, 10)).count()).isEqualTo(2);
        elsewhere.clear();
        // The first of them has been taken over by then.
        await().until(() -> readsWithout.get() >= 2);
        assertThat(get(presence.who(LOBBY, 10)).count()).isEqualTo(2);

        Announcement.Change left = new Announcement.Change("bob", null, true);
        presence.heard(LOBBY.channel(), new Announcement("n000002", List.of(left)).encode());

        await().until(() -> told.brief().contains("left bob"));
        assertThat(get(presence.who(LOBBY, 10)).count()).isEqualTo(1);
    }

    @Test
    void leavingWithOneOfTwoDevicesIsAnUpdate() {
        Presence presence = presence(Paces.QUICK);
        arrive(presence, "ada");
        presence.arrived(LOBBY, "ada", "ADA", "n.2");

        presence.left(LOBBY, "ada", "n.2");
        arrive(presence, "bob");

        await().until(() -> told.brief().contains("joined bob 1"));
        assertThat(told.brief()).doesNotContain("left ada");
        assertThat(get(presence.who(LOBBY, 1)).users())
                .extracting(PresentUser::user, PresentUser::devices)
                .containsExactly(tuple("ada", 1));
    }

    @Test
    void listsAreCutAtTheLimit() {
        Presence presence = presence(Paces.QUICK);
        long before = System.currentTimeMillis();
        IntStream.range(0, 5).forEach(i -> arrive(presence, "user" + i));

        Present present = get(presence.who(LOBBY, 3));

        assertThat(present.users()).hasSize(3).allMatch(user -> user.since() >= before);
        assertThat(present.count()).isEqualTo(5);
        assertThat(present.more()).isTrue();
        assertThat(get(presence.who(LOBBY, 5)).more()).isFalse();
        assertThat(get(presence.who(LOBBY, 0)).count()).isEqualTo(5);
    }

    @Test
    void aThousandAtOnceAreToldOfByCount() {
        Presence presence = presence(Pace.USUAL);

        IntStream.range(0, 1_000).forEach(i -> arrive(presence, "user" + i));

        await().until(() -> told.brief().contains("1000"));
        assertThat(told.all()).hasSizeLessThan(200);
        assertThat(told.all())
                .last()
                .extracting(Told.Notice::who, notice -> notice.frame().user())
                .containsExactly(Stored.PLAIN, null);
        assertThat(get(presence.who(LOBBY, 500)).count()).isEqualTo(1_000);
    }

    @Test
    void countsComeNoOftenerThanTheirPaceAndNamesAgainWhenFewAreLeft() {
        Presence presence = presence(Paces.named(5));
        IntStream.range(0, 10).forEach(i -> arrive(presence, "user" + i));
        await().until(() -> told.brief().contains("10"));

        IntStream.range(0, 7).forEach(i -> depart(presence, "user" + i));
        await().until(() -> get(presence.who(LOBBY, 10)).count() == 3);
        int before = told.all().size();
        arrive(presence, "late");

        await().until(() -> told.brief().subList(before, told.all().size()).contains("joined late 1"));
        List<Long> counts = told.all().stream()
                .filter(notice -> notice.frame().state() == null)
                .map(Told.Notice::at)
                .toList();
        for (int i = 1; i < counts.size(); i++) {
            assertThat(counts.get(i) - counts.get(i - 1))
                    .isGreaterThan(Paces.QUICK.countRound().toNanos() / 2);
        }
    }

    @Test
    void manyChangesAreSpreadOverRounds() {
        Presence presence = presence(Paces.QUICK);

        IntStream.range(0, 100).forEach(i -> arrive(presence, "user" + i));

        await().until(() -> told.all().size() == 100);
        long first = told.all().get(0).at();
        long inTheFirstTwoRounds = told.all().stream()
                .filter(notice -> notice.at() - first < Paces.QUICK.round().toNanos())
                .count();
        assertThat(inTheFirstTwoRounds).isLessThan(90);
    }

    @Test
    void manyWhoGoAreToldOfAtOnceToTheFewWhoStay() {
        Presence presence = presence(Paces.QUICK);
        IntStream.range(0, 400).forEach(i -> arrive(presence, "user" + i));
        await().until(() -> told.all().size() == 400);

        IntStream.range(1, 400).forEach(i -> depart(presence, "user" + i));

        await().until(() -> told.all().size() == 799);
        assertThat(told.all().get(798).at() - told.all().get(400).at())
                // At the pace for the many that there were it would be 40 seconds.
                .isLessThan(Duration.ofSeconds(10).toNanos());
    }

    @Test
    void nothingStaysOfAGroupThatNobodyFollows() {
        Presence presence = presence(Paces.QUICK);
        arrive(presence, "ada");
        arrive(presence, "bob");

        depart(presence, "ada");
        depart(presence, "bob");

        await().until(() -> presence.open() == 0);
        assertThat(get(presence.store.read("lobby"))).isEmpty();
        assertThat(get(presence.who(LOBBY, 10))).isEqualTo(new Present(List.of(), 0, false));
    }

    @Test
    void whoDepartsWithoutHavingArrivedChangesNothing() {
        Presence presence = presence(Paces.QUICK);
        depart(presence, "eve");
        arrive(presence, "ada");

        depart(presence, "eve");
        presence.departed(LOBBY, "ada", "n.unknown");

        assertThat(get(presence.who(LOBBY, 10)).count()).isEqualTo(1);
    }

    @Test
    void comingAndGoingFromManyThreadsEndsInTheTruth() {
        Presence presence = presence(Paces.QUICK);
        IntStream.range(0, 20_000).parallel().forEach(i -> {
            String user = "user" + i % 50;
            presence.arrived(LOBBY, user, "User", "n." + i);
            if (i % 1_000 >= 50) {
                presence.departed(LOBBY, user, "n." + i);
            }
        });

        await().untilAsserted(() ->
                assertThat(get(presence.who(LOBBY, 100)).users()).hasSize(50).allMatch(user -> user.devices() == 20));
        IntStream.range(0, 20_000).parallel().forEach(i -> presence.departed(LOBBY, "user" + i % 50, "n." + i));
        await().until(() -> presence.open() == 0);
    }

    private Presence presence(Pace pace) {
        return new Presence(told, new MemoryPresences(NODE), NODE, Set::of, vertx, pace);
    }

    private static void arrive(Presence presence, String user) {
        presence.arrived(LOBBY, user, user.toUpperCase(Locale.ROOT), "n." + user);
    }

    private static void depart(Presence presence, String user) {
        presence.departed(LOBBY, user, "n." + user);
    }
}
