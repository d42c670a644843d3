package dev.parley.server.group;

import static dev.parley.server.testing.Stages.failure;
import static dev.parley.server.testing.Stages.get;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import dev.parley.protocol.Address;
import dev.parley.protocol.Role;
import dev.parley.protocol.ServerFrame.MembershipState;
import dev.parley.server.group.Groups.Mine;
import dev.parley.server.group.memory.MemoryMemberships;
import dev.parley.server.limit.Exceeded;
import dev.parley.server.log.ChannelLog;
import dev.parley.server.log.LogUnavailableException;
import dev.parley.server.log.memory.MemoryChannelLog;
import dev.parley.server.security.Access;
import dev.parley.server.testing.Settings;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.BiFunction;
import java.util.function.Supplier;
import org.assertj.core.groups.Tuple;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * A change of membership that breaks off at any of its steps, before the step took effect or after, as by a crash or a loss of Redis: whoever touches the
 * membership next finishes it, and it is told of once.
 */
class InterruptedChangeTest {
    private static final Address.Group TEAM = new Address.Group("chat:team");

    private final ChannelLog log = new MemoryChannelLog(1 << 20);
    private final MembershipStore store = new MemoryMemberships();
    private final Namespaces namespaces = new Namespaces(Settings.with(Map.of()), new Exceeded());
    private final Policies policies = new Policies(new Access(), namespaces, store);
    private final Groups healthy = new Groups(namespaces, policies, store, log, Tale.into(log), 1_000);

    /** What can be asked for. */
    enum Change {
        JOIN(
                MembershipState.ADDED,
                null,
                Role.MEMBER,
                (groups, user) -> groups.join(Someone.of(user, "Bob"), TEAM).thenApply(joined -> null)),
        ROLE(
                MembershipState.ROLE,
                Role.MEMBER,
                Role.MODERATOR,
                (groups, user) -> groups.put(TEAM, user, Role.MODERATOR)),
        LEAVE(
                MembershipState.REMOVED,
                Role.MEMBER,
                null,
                (groups, user) -> groups.leave(Someone.of(user, "Bob"), TEAM));

        final String state;
        final Role before;
        final Role after;
        final BiFunction<Groups, String, CompletionStage<Void>> ask;

        Change(MembershipState state, Role before, Role after, BiFunction<Groups, String, CompletionStage<Void>> ask) {
            this.state = "\"state\":\"" + state.wire() + '"';
            this.before = before;
            this.after = after;
            this.ask = ask;
        }
    }

    @ParameterizedTest
    @EnumSource
    void askingAgainFinishesItAndTellsOfItOnce(Change change) {
        int steps = forEachStep(change, (user, step) -> {
            get(change.ask.apply(healthy, user));

            assertDone(change, user, step);
        });
        assertThat(steps)
                .as("steps of a %s, each failing before and after", change)
                .isGreaterThan(12);
    }

    /** Connections go by what they were told: who was removed must hear of it though nobody asks again. */
    @ParameterizedTest
    @EnumSource
    void aSweepFinishesWhatTookEffect(Change change) {
        forEachStep(change, (user, step) -> {
            Seat seat = get(store.look(TEAM.name(), user)).seat();
            boolean took = (seat == null ? null : seat.role()) == change.after;

            get(healthy.mend(Duration.ZERO, 100));

            if (took) {
                assertDone(change, user, step);
            } else {
                assertThat(get(store.listed(user)).values()).as(step).noneMatch(listed -> listed.startsWith("?"));
            }
            assertThat(get(store.noted(Duration.ZERO, 100))).as(step).isEmpty();
        });
    }

    @Test
    void aChangeThatIsDoneLeavesNothingToSweep() {
        get(healthy.join(Someone.of("owner", "Owner"), TEAM));
        get(healthy.put(TEAM, "bob", Role.MEMBER));
        get(healthy.leave(Someone.of("bob", "Bob"), TEAM));

        assertThat(get(store.noted(Duration.ZERO, 100))).isEmpty();
    }

    @ParameterizedTest
    @EnumSource
    void theNextHelloFinishesWhatTookEffect(Change change) {
        forEachStep(change, (user, step) -> {
            boolean took = get(store.look(TEAM.name(), user)).seat() == null
                    ? change.after == null
                    : get(store.look(TEAM.name(), user)).seat().role() == change.after;

            List<Mine> listed = get(healthy.of(user));

            if (took) {
                assertThat(listed).as(step).extracting(Mine::group, Mine::role).isEqualTo(mine(change.after));
                assertTold(change, user, step);
            } else {
                assertThat(listed).as(step).extracting(Mine::group, Mine::role).isEqualTo(mine(change.before));
            }
        });
    }

    private interface Check {
        void of(String user, String step);
    }

    /** Breaks the change off at its first step, for another user at its second, and so on until one is not broken off any more. */
    private int forEachStep(Change change, Check check) {
        get(healthy.join(Someone.of("owner", "Owner"), TEAM));
        for (int at = 0; ; at++) {
            String user = "bob" + at;
            if (change.before != null) {
                get(healthy.put(TEAM, user, change.before));
            }
            Breaking breaking = new Breaking(at / 2, at % 2 == 1);
            Groups broken = new Groups(namespaces, policies, breaking.store(), log, breaking.publishing(), 1_000);
            if (failure(change.ask.apply(broken, user)) == null) {
                return at;
            }
            check.of(user, change + ", step " + at);
        }
    }

    private void assertDone(Change change, String user, String step) {
        assertThat(get(healthy.standing(user, TEAM)).role()).as(step).isEqualTo(change.after);
        assertThat(get(healthy.of(user)))
                .as(step)
                .extracting(Mine::group, Mine::role)
                .isEqualTo(mine(change.after));
        assertThat(get(store.listed(user)).values()).as(step).noneMatch(listed -> listed.startsWith("?"));
        assertTold(change, user, step);
    }

    private void assertTold(Change change, String user, String step) {
        assertThat(Tale.in(log, TEAM.channel()))
                .as(step)
                .filteredOn(tale ->
                        tale.data().contains('"' + user + '"') && tale.data().contains(change.state))
                .hasSize(1);
        assertThat(Tale.in(log, "user/" + user))
                .as(step)
                .filteredOn(tale -> tale.data().contains(change.state))
                .hasSize(1);
    }

    private static List<Tuple> mine(Role role) {
        return role == null ? List.of() : List.of(tuple(TEAM, role));
    }

    /** Lets some steps pass and fails the next one, once. */
    private final class Breaking {
        private int left;
        private final boolean afterwards;

        Breaking(int left, boolean afterwards) {
            this.left = left;
            this.afterwards = afterwards;
        }

        MembershipStore store() {
            return (MembershipStore) Proxy.newProxyInstance(
                    MembershipStore.class.getClassLoader(),
                    new Class<?>[] {MembershipStore.class},
                    (proxy, method, arguments) -> step(() -> {
                        try {
                            return (CompletionStage<?>) method.invoke(store, arguments);
                        } catch (IllegalAccessException | InvocationTargetException e) {
                            throw new AssertionError(e);
                        }
                    }));
        }

        MembershipEntries.Publishing publishing() {
            return (to, envelope, who, dedup, retention) ->
                    step(() -> Tale.into(log).publish(to, envelope, who, dedup, retention));
        }

        private <T> CompletionStage<T> step(Supplier<CompletionStage<T>> step) {
            if (left-- != 0) {
                return step.get();
            }
            if (afterwards) {
                get(step.get());
            }
            return CompletableFuture.failedStage(new LogUnavailableException("broken off by the test"));
        }
    }
}
