package dev.parley.server.group;

import static dev.parley.server.testing.Stages.get;
import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.protocol.Role;
import dev.parley.protocol.ServerFrame.MembershipState;
import dev.parley.server.group.MembershipStore.Outcome;
import dev.parley.server.group.MembershipStore.Terms;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** What every {@link MembershipStore} does. */
public abstract class MembershipStoreContract {
    private static final Terms ANY = new Terms(Long.MAX_VALUE, false);

    private final String group = "chat:" + UUID.randomUUID();
    private final String user = "ada-" + UUID.randomUUID();

    /** The store under test, which may hold what other tests left. */
    protected abstract MembershipStore store();

    @Test
    void aGroupDoesNotExistBeforeItsFirstMember() {
        assertThat(look(user)).isEqualTo(new Roll(false, 0, null));
    }

    @Test
    void aGroupIsDescribedByWhoKnowsHowItIsDescribed() {
        Description first = new Description("Team 👩‍🚀", null, "v1");
        Description second = new Description(null, "Who does what", "v2");
        assertThat(get(store().describe(group, "", first))).isFalse();
        change(user, look(user), seat(Role.OWNER, "v1", null));

        assertThat(get(store().about(group))).isEqualTo(new About(true, 1, Description.NONE));
        assertThat(get(store().describe(group, "v0", first))).isFalse();
        assertThat(get(store().describe(group, "", first))).isTrue();
        assertThat(get(store().about(group))).isEqualTo(new About(true, 1, first));
        assertThat(get(store().describe(group, "", second))).isFalse();
        assertThat(get(store().describe(group, "v1", second))).isTrue();
        assertThat(get(store().about(group))).isEqualTo(new About(true, 1, second));
        assertThat(get(store().members(group))).containsOnlyKeys(user);
        assertThat(get(store().about(group + "2"))).isEqualTo(new About(false, 0, Description.NONE));
    }

    @Test
    void theFirstSeatCreatesTheGroup() {
        Seat seat = seat(Role.OWNER, "v1", MembershipState.ADDED);

        assertThat(change(user, look(user), seat)).isTrue();

        assertThat(look(user)).isEqualTo(new Roll(true, 1, seat));
        assertThat(look("bob")).isEqualTo(new Roll(true, 1, null));
    }

    @Test
    void aSeatIsKeptToTheLetter() {
        Seat seat = new Seat(Role.MODERATOR, "v1", 1_760_000_000_000L, null, "Ada  Löve \"👩‍🚀\" 7 -");

        change(user, look(user), seat);

        assertThat(look(user).seat()).isEqualTo(seat);
    }

    @Test
    void aSeatThatIsNoLongerAsSeenIsNotChanged() {
        Roll before = look(user);
        change(user, before, seat(Role.OWNER, "v1", null));
        Roll seen = look(user);
        change(user, seen, seat(Role.MEMBER, "v2", null));

        assertThat(change(user, before, seat(Role.OWNER, "v3", null))).isFalse();
        assertThat(change(user, seen, seat(Role.OWNER, "v4", null))).isFalse();
        assertThat(look(user).seat().version()).isEqualTo("v2");
        assertThat(look(user).members()).isEqualTo(1);
    }

    @Test
    void whoSawNoGroupCannotCreateItASecondTime() {
        Roll before = look("bob");
        change(user, look(user), seat(Role.OWNER, "v1", null));

        assertThat(change("bob", before, seat(Role.OWNER, "v2", null))).isFalse();
        assertThat(look("bob").seat()).isNull();
    }

    @Test
    void ofManyAtOnceOneIsTheFirst() {
        Roll nothing = look(user);

        List<Boolean> results = IntStream.range(0, 50)
                .parallel()
                .mapToObj(i -> change("user" + i, nothing, seat(Role.OWNER, "v" + i, null)))
                .toList();

        assertThat(results).containsOnlyOnce(true);
        assertThat(look(user).members()).isEqualTo(1);
    }

    @Test
    void aRemovedMemberIsNotCountedAndClearedAwayOnceTold() {
        change(user, look(user), seat(Role.OWNER, "v1", null));
        Seat removed = seat(null, "v2", MembershipState.REMOVED);
        change(user, look(user), removed);
        assertThat(look(user)).isEqualTo(new Roll(true, 0, removed));

        get(store().settle(group, user, removed.told()));

        assertThat(look(user)).isEqualTo(new Roll(true, 0, null));
    }

    @Test
    void settlingKeepsTheSeatOfAMember() {
        Seat added = seat(Role.OWNER, "v1", MembershipState.ADDED);
        change(user, look(user), added);

        get(store().settle(group, user, added.told()));

        assertThat(look(user).seat()).isEqualTo(added.told());
    }

    @Test
    void settlingAnOlderChangeDoesNothing() {
        Seat first = seat(Role.OWNER, "v1", MembershipState.ADDED);
        change(user, look(user), first);
        Seat second = seat(null, "v2", MembershipState.REMOVED);
        change(user, look(user), second);

        get(store().settle(group, user, first.told()));

        assertThat(look(user).seat()).isEqualTo(second);
    }

    @Test
    void whatIsNotedIsFoundUntilItIsStruck() {
        Pending first = new Pending(group, user, "v1");
        Pending second = new Pending(group, user, "v1.v2");
        get(store().note(first));
        get(store().note(second));

        assertThat(get(store().noted(Duration.ZERO, 1000))).contains(first, second);
        assertThat(get(store().noted(Duration.ofHours(1), 1000))).doesNotContain(first, second);
        get(store().strike(first));
        assertThat(get(store().noted(Duration.ZERO, 1000))).contains(second).doesNotContain(first);
        get(store().strike(second));
        assertThat(get(store().noted(Duration.ZERO, 1000))).doesNotContain(first, second);
    }

    @Test
    void aListIsEmptyAtFirst() {
        assertThat(get(store().listed(user))).isEmpty();
        assertThat(get(store().listed(user, group))).isNull();
    }

    @Test
    void aMarkIsReplacedByTheTruthOnlyByWhoPutItThere() {
        get(store().mark(user, group, "?1"));
        get(store().mark(user, group, "?2"));

        assertThat(get(store().unmark(user, group, "?1", "member"))).isFalse();
        assertThat(get(store().listed(user))).isEqualTo(Map.of(group, "?2"));
        assertThat(get(store().unmark(user, group, "?2", "member"))).isTrue();
        assertThat(get(store().listed(user, group))).isEqualTo("member");
        assertThat(get(store().unmark(user, group, "?2", null))).isFalse();
    }

    @Test
    void theTruthMayBeNoMember() {
        get(store().mark(user, group, "?1"));

        assertThat(get(store().unmark(user, group, "?1", null))).isTrue();
        assertThat(get(store().listed(user))).isEmpty();
        assertThat(get(store().unmark(user, group, "?1", null))).isFalse();
    }

    @Test
    void aListHoldsManyGroups() {
        for (int i = 0; i < 1_000; i++) {
            get(store().mark(user, "chat:" + i, "?" + i));
        }

        assertThat(get(store().listed(user))).hasSize(1_000).containsEntry("chat:999", "?999");
    }

    @Test
    void aFullGroupTakesNobodyElseButItsMembersChange() {
        Terms two = new Terms(2, false);
        change(user, look(user), seat(Role.OWNER, "v1", null), two);
        change("bob", look("bob"), seat(Role.MEMBER, "v2", null), two);

        assertThat(change("carl", look("carl"), seat(Role.MEMBER, "v3", null), two))
                .isEqualTo(Outcome.FULL);
        assertThat(look("carl")).isEqualTo(new Roll(true, 2, null));
        assertThat(change("bob", look("bob"), seat(Role.OWNER, "v4", null), two))
                .isEqualTo(Outcome.CHANGED);
        assertThat(change("bob", look("bob"), seat(null, "v5", null), two)).isEqualTo(Outcome.CHANGED);
        assertThat(change("carl", look("carl"), seat(Role.MEMBER, "v6", null), two))
                .isEqualTo(Outcome.CHANGED);
    }

    /** However many take the last place at once. */
    @Test
    void ofManyWhoComeAtOnceAsManyGetInAsThereIsRoom() {
        change(user, look(user), seat(Role.OWNER, "v1", null));
        Roll seen = look("nobody");

        List<Outcome> outcomes = IntStream.range(0, 50)
                .parallel()
                .mapToObj(i -> change("user" + i, seen, seat(Role.MEMBER, "v" + i, null), new Terms(4, true)))
                .toList();

        assertThat(outcomes).filteredOn(Outcome.CHANGED::equals).hasSize(3);
        assertThat(outcomes).filteredOn(Outcome.FULL::equals).hasSize(47);
        assertThat(look(user).members()).isEqualTo(4);
    }

    @Test
    void theLastOwnerStaysOneWhileOthersAreThere() {
        Terms owned = new Terms(Long.MAX_VALUE, true);
        change(user, look(user), seat(Role.OWNER, "v1", null));

        assertThat(change(user, look(user), seat(Role.MODERATOR, "v2", null), owned))
                .isEqualTo(Outcome.LAST_OWNER);
        for (int i = 0; i < 1_000; i++) {
            change("user" + i, look("user" + i), seat(Role.MODERATOR, "m" + i, null));
        }
        assertThat(change(user, look(user), seat(null, "v3", null), owned)).isEqualTo(Outcome.LAST_OWNER);
        assertThat(look(user).seat().version()).isEqualTo("v1");
        assertThat(look(user).members()).isEqualTo(1_001);

        change("user700", look("user700"), seat(Role.OWNER, "v4", null));
        assertThat(change(user, look(user), seat(Role.MODERATOR, "v5", null), owned))
                .isEqualTo(Outcome.CHANGED);
        assertThat(change("user700", look("user700"), seat(null, "v6", null), owned))
                .isEqualTo(Outcome.LAST_OWNER);
        assertThat(change("user700", look("user700"), seat(null, "v7", null))).isTrue();
    }

    @Test
    void ofTwoOwnersWhoLeaveAtOnceOneStays() {
        change(user, look(user), seat(Role.OWNER, "v1", null));
        change("bob", look("bob"), seat(Role.OWNER, "v2", null));
        change("carl", look("carl"), seat(Role.MEMBER, "v3", null));
        Roll ada = look(user);
        Roll bob = look("bob");

        List<Outcome> outcomes = List.of(true, false).parallelStream()
                .map(first -> change(
                        first ? user : "bob",
                        first ? ada : bob,
                        seat(null, "gone" + first, null),
                        new Terms(Long.MAX_VALUE, true)))
                .toList();

        assertThat(outcomes).containsExactlyInAnyOrder(Outcome.CHANGED, Outcome.LAST_OWNER);
    }

    private static Seat seat(Role role, String version, MembershipState untold) {
        return new Seat(role, version, 1_760_000_000_000L, untold, "Ada");
    }

    private Roll look(String who) {
        return get(store().look(group, who));
    }

    private boolean change(String who, Roll seen, Seat next) {
        return change(who, seen, next, ANY) == Outcome.CHANGED;
    }

    private Outcome change(String who, Roll seen, Seat next, Terms terms) {
        return get(store().change(group, who, seen, next, terms));
    }
}
