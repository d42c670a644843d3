package dev.parley.server.group;

import static dev.parley.server.testing.Stages.failure;
import static dev.parley.server.testing.Stages.get;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import dev.parley.protocol.Address;
import dev.parley.protocol.Cursor;
import dev.parley.protocol.ErrorCode;
import dev.parley.protocol.ProtocolException;
import dev.parley.protocol.Role;
import dev.parley.protocol.ServerFrame.Membership;
import dev.parley.protocol.ServerFrame.MembershipState;
import dev.parley.server.group.Groups.Joined;
import dev.parley.server.group.Groups.Mine;
import dev.parley.server.group.Groups.Standing;
import dev.parley.server.group.memory.MemoryMemberships;
import dev.parley.server.limit.Exceeded;
import dev.parley.server.log.ChannelLog;
import dev.parley.server.log.memory.MemoryChannelLog;
import dev.parley.server.security.Access;
import dev.parley.server.testing.Settings;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class GroupsTest {
    private static final Address.Group TEAM = new Address.Group("chat:team");
    private static final Address.Group CLUB = new Address.Group("club:board");
    private static final int MOST = 10;
    private static final Address.Group DIRECT = new Address.Group("dm:ada~bob");

    private final ChannelLog log = new MemoryChannelLog(1 << 20);
    private final Namespaces namespaces = new Namespaces(
            Settings.with(Map.of(
                    "parley.namespaces.club.membership", "durable",
                    "parley.namespaces.duo.membership", "durable",
                    "parley.namespaces.duo.join", "anyone",
                    "parley.namespaces.duo.max-members", "2",
                    "parley.namespaces.made.membership", "durable",
                    "parley.namespaces.made.create", "role:founder",
                    "parley.namespaces.made.join", "users")),
            new Exceeded());
    private final MembershipStore store = new MemoryMemberships();
    private final Groups groups =
            new Groups(namespaces, new Policies(new Access(), namespaces, store), store, log, Tale.into(log), MOST);

    @Test
    void theFirstToJoinIsTheOwner() {
        Joined ada = join("ada", TEAM);
        Joined bob = join("bob", TEAM);

        assertThat(ada.role()).isEqualTo(Role.OWNER);
        assertThat(ada.members()).isEqualTo(1);
        assertThat(bob.role()).isEqualTo(Role.MEMBER);
        assertThat(bob.members()).isEqualTo(2);
    }

    @Test
    void aJoinIsAnEntryOfTheGroupWhereTheJoinerStands() {
        Joined ada = join("ada", TEAM);
        Joined bob = join("bob", TEAM);

        List<Tale> tales = Tale.in(log, TEAM.channel());

        assertThat(tales)
                .extracting(Tale::data)
                .containsExactly(
                        "{\"user\":\"ada\",\"name\":\"ADA\",\"state\":\"added\",\"role\":\"owner\"}",
                        "{\"user\":\"bob\",\"name\":\"BOB\",\"state\":\"added\",\"role\":\"member\"}");
        assertThat(ada.at().seq()).isEqualTo(1);
        assertThat(bob.at().seq()).isEqualTo(2);
    }

    @Test
    void aJoinIsAnEntryOfTheInboxThatSaysWhereFollowingStarts() {
        Cursor at = join("ada", TEAM).at();

        List<Tale> tales = Tale.in(log, "user/ada");

        assertThat(tales).hasSize(1);
        assertThat(tales.get(0).header().membership())
                .isEqualTo(new Membership("chat:team", MembershipState.ADDED, Role.OWNER, at));
        assertThat(tales.get(0).data())
                .isEqualTo("{\"group\":\"chat:team\",\"state\":\"added\",\"role\":\"owner\",\"epoch\":\"" + at.epoch()
                        + "\",\"seq\":1}");
    }

    @Test
    void aNameGoesIntoTheEntryWhateverItsCharacters() {
        get(groups.join(Someone.of("ada", "A\\d\"a 👩\u200d🚀"), TEAM));

        assertThat(Tale.in(log, TEAM.channel()).get(0).data()).contains("\"name\":\"A\\\\d\\\"a 👩\u200d🚀\"");
    }

    @Test
    void joiningAgainChangesNothingAndStandsAtTheHead() {
        join("ada", TEAM);
        join("bob", TEAM);

        Joined again = join("ada", TEAM);

        assertThat(again.role()).isEqualTo(Role.OWNER);
        assertThat(again.members()).isEqualTo(2);
        assertThat(again.at().seq()).isEqualTo(2);
        assertThat(Tale.in(log, TEAM.channel())).hasSize(2);
        assertThat(Tale.in(log, "user/ada")).hasSize(1);
    }

    @Test
    void aClosedGroupIsJoinedOnlyByBeingAdded() {
        assertThat(join("ada", CLUB).role()).isEqualTo(Role.OWNER);

        assertRefused(groups.join(Someone.of("bob", "Bob"), CLUB), ErrorCode.FORBIDDEN);
        get(groups.put(CLUB, "bob", null));

        assertThat(join("bob", CLUB).role()).isEqualTo(Role.MEMBER);
    }

    /** What follows by a membership has to know its end from those of others, whenever it hears of them. */
    @Test
    void oneTermNamesAMembershipFromItsBeginningToItsEnd() {
        String first = join("ada", TEAM).term();
        get(groups.put(TEAM, "ada", Role.MODERATOR));
        assertThat(standing("ada", TEAM).term()).isEqualTo(first);
        assertThat(get(groups.of("ada"))).containsExactly(new Mine(TEAM, Role.MODERATOR, first));
        get(groups.leave(Someone.of("ada", "Ada"), TEAM));
        String second = join("ada", TEAM).term();

        assertThat(second).isNotEqualTo(first);
        assertThat(join("ada", TEAM).term()).isEqualTo(second);
        assertThat(Tale.in(log, TEAM.channel()))
                .extracting(
                        tale -> tale.header().lastFor(), tale -> tale.header().term())
                .containsExactly(tuple(null, null), tuple(null, null), tuple("ada", first), tuple(null, null));
        assertThat(Tale.in(log, "user/ada"))
                .extracting(tale -> tale.header().term())
                .containsExactly(first, first, first, second);
    }

    @Test
    void nobodyIsInMoreGroupsThanAConnectionMayFollow() {
        for (int i = 0; i < MOST; i++) {
            join("ada", new Address.Group("chat:" + i));
        }

        assertRefused(groups.join(Someone.of("ada", "Ada"), TEAM), ErrorCode.CONFLICT);
        assertRefused(groups.put(TEAM, "ada", null), ErrorCode.CONFLICT);
        assertThat(get(groups.of("ada"))).hasSize(MOST);

        get(groups.put(new Address.Group("chat:1"), "ada", Role.MODERATOR));
        get(groups.leave(Someone.of("ada", "Ada"), new Address.Group("chat:1")));
        join("ada", TEAM);
    }

    /** Whoever likes may open a conversation with somebody, who must not be locked out by that of joining groups. */
    @Test
    void othersConversationsLeaveRoomForGroupsOfOnesOwn() {
        for (int i = 0; i < MOST / 2; i++) {
            join("b" + i, new Address.Group("dm:ada~b" + i));
        }
        Address.Group further = new Address.Group("dm:ada~bob");

        assertRefused(groups.join(Someone.of("bob", "Bob"), further), ErrorCode.CONFLICT);
        assertThat(get(groups.of("bob"))).isEmpty();
        join("ada", further);
        assertThat(get(groups.of("bob"))).hasSize(1);
        join("bob", further);
        join("ada", TEAM);
    }

    @Test
    void leavingEndsTheMembershipWithALastEntry() {
        join("ada", TEAM);
        join("bob", TEAM);

        get(groups.leave(Someone.of("bob", "Bob"), TEAM));

        assertThat(standing("bob", TEAM)).isEqualTo(new Standing(true, null, 1, null));
        assertThat(get(groups.of("bob"))).isEmpty();
        assertThat(Tale.in(log, TEAM.channel()))
                .last()
                .extracting(Tale::data)
                .isEqualTo("{\"user\":\"bob\",\"name\":\"Bob\",\"state\":\"removed\"}");
        assertThat(Tale.in(log, "user/bob"))
                .last()
                .extracting(tale -> tale.header().membership())
                .isEqualTo(new Membership(
                        "chat:team", MembershipState.REMOVED, null, get(log.head(TEAM.channel(), null))));
    }

    @Test
    void leavingWhatOneIsNotInChangesNothing() {
        join("ada", TEAM);

        get(groups.leave(Someone.of("bob", "Bob"), TEAM));
        get(groups.leave(Someone.of("bob", "Bob"), new Address.Group("chat:nowhere")));

        assertThat(Tale.in(log, TEAM.channel())).hasSize(1);
        assertThat(Tale.in(log, "user/bob")).isEmpty();
        assertThat(get(groups.exists(new Address.Group("chat:nowhere")))).isFalse();
    }

    @Test
    void comingBackIsAnotherMembership() {
        join("ada", TEAM);
        join("bob", TEAM);
        get(groups.leave(Someone.of("bob", "Bob"), TEAM));

        Joined back = join("bob", TEAM);

        assertThat(back.role()).isEqualTo(Role.MEMBER);
        assertThat(back.at().seq()).isEqualTo(4);
        assertThat(Tale.in(log, "user/bob"))
                .extracting(tale -> tale.header().membership().state())
                .containsExactly(MembershipState.ADDED, MembershipState.REMOVED, MembershipState.ADDED);
    }

    @Test
    void whoIsAloneMayLeaveAndTheNextToComeOwnsTheGroup() {
        join("ada", TEAM);
        get(groups.leave(Someone.of("ada", "Ada"), TEAM));

        assertThat(get(groups.exists(TEAM))).isTrue();
        assertThat(join("bob", TEAM).role()).isEqualTo(Role.OWNER);
    }

    @Test
    void theLastOwnerStaysWhileOthersAreThere() {
        join("ada", TEAM);
        join("bob", TEAM);

        ProtocolException refusal = assertRefused(groups.leave(Someone.of("ada", "Ada"), TEAM), ErrorCode.CONFLICT);

        assertThat(refusal.detail()).contains("last owner", "make somebody else an owner first");
        assertThat(standing("ada", TEAM).role()).isEqualTo(Role.OWNER);
        assertThat(get(groups.of("ada"))).hasSize(1);
        get(groups.put(TEAM, "bob", Role.OWNER));
        get(groups.leave(Someone.of("ada", "Ada"), TEAM));
        assertThat(standing("ada", TEAM).role()).isNull();
    }

    @Test
    void aServiceMayTakeTheLastOwnerAway() {
        join("ada", TEAM);
        join("bob", TEAM);

        get(groups.remove(TEAM, "ada"));

        assertThat(standing("ada", TEAM).role()).isNull();
    }

    @Test
    void aGroupHasNoMoreMembersThanItsNamespaceAllows() {
        Address.Group duo = new Address.Group("duo:1");
        join("ada", duo);
        join("bob", duo);

        ProtocolException refusal = assertRefused(groups.join(Someone.of("carl", "Carl"), duo), ErrorCode.CONFLICT);
        assertRefused(groups.put(duo, "carl", null), ErrorCode.CONFLICT);

        assertThat(refusal.detail()).contains("full", "2 members");
        assertThat(get(groups.of("carl"))).isEmpty();
        assertThat(join("bob", duo).members()).isEqualTo(2);
        get(groups.leave(Someone.of("bob", "Bob"), duo));
        join("carl", duo);
    }

    @Test
    void whoMayMakeAGroupNeedNotBeWhoMayJoinIt() {
        Address.Group made = new Address.Group("made:1");

        assertRefused(groups.join(Someone.of("ada", "Ada"), made), ErrorCode.FORBIDDEN);
        assertThat(get(groups.join(Someone.with("fay", "founder"), made)).role())
                .isEqualTo(Role.OWNER);
        assertRefused(groups.join(Someone.guest("gil"), made), ErrorCode.FORBIDDEN);
        assertThat(join("ada", made).role()).isEqualTo(Role.MEMBER);
    }

    @Test
    void theListOfAUserHasEveryMembership() {
        join("ada", TEAM);
        join("ada", CLUB);
        join("bob", TEAM);

        assertThat(get(groups.of("ada")))
                .extracting(Mine::group, Mine::role)
                .containsExactlyInAnyOrder(tuple(TEAM, Role.OWNER), tuple(CLUB, Role.OWNER));
    }

    @Test
    void aChangeOfRoleIsToldOnce() {
        join("ada", TEAM);

        get(groups.put(TEAM, "ada", Role.MODERATOR));
        get(groups.put(TEAM, "ada", Role.MODERATOR));
        get(groups.put(TEAM, "ada", null));

        assertThat(standing("ada", TEAM).role()).isEqualTo(Role.MODERATOR);
        assertThat(get(groups.of("ada")))
                .extracting(Mine::group, Mine::role)
                .containsExactly(tuple(TEAM, Role.MODERATOR));
        assertThat(Tale.in(log, TEAM.channel()))
                .extracting(Tale::data)
                .last()
                .isEqualTo("{\"user\":\"ada\",\"name\":\"ADA\",\"state\":\"role\",\"role\":\"moderator\"}");
        assertThat(Tale.in(log, TEAM.channel())).hasSize(2);
    }

    @Test
    void addingCreatesTheGroup() {
        get(groups.put(CLUB, "ada", Role.OWNER));

        assertThat(standing("ada", CLUB).role()).isEqualTo(Role.OWNER);
        assertThat(standing("ada", CLUB).members()).isEqualTo(1);
    }

    @Test
    void removingIsToldAndNeedsAGroup() {
        join("ada", TEAM);

        get(groups.remove(TEAM, "ada"));
        get(groups.remove(TEAM, "ada"));

        assertThat(standing("ada", TEAM).role()).isNull();
        assertThat(Tale.in(log, TEAM.channel())).hasSize(2);
        assertRefused(groups.remove(CLUB, "ada"), ErrorCode.UNKNOWN_GROUP);
    }

    @Test
    void openingADirectConversationMakesBothMembers() {
        Joined ada = join("ada", DIRECT);

        assertThat(ada.role()).isEqualTo(Role.MEMBER);
        assertThat(ada.members()).isEqualTo(2);
        assertThat(ada.at().seq()).isEqualTo(1);
        assertThat(get(groups.of("bob")))
                .extracting(Mine::group, Mine::role)
                .containsExactly(tuple(DIRECT, Role.MEMBER));
        assertThat(Tale.in(log, "user/bob")).hasSize(1);
    }

    @Test
    void openingItAgainBringsBackWhoHadLeft() {
        join("ada", DIRECT);
        get(groups.leave(Someone.of("bob", "Bob"), DIRECT));

        Joined again = join("ada", DIRECT);

        assertThat(again.members()).isEqualTo(2);
        assertThat(standing("bob", DIRECT).role()).isEqualTo(Role.MEMBER);
        assertThat(again.at()).isEqualTo(get(log.head(DIRECT.channel(), null)));
    }

    @Test
    void nobodyElseGetsIntoADirectConversation() {
        assertRefused(groups.join(Someone.of("eve", "Eve"), DIRECT), ErrorCode.FORBIDDEN);
        assertRefused(groups.put(DIRECT, "eve", null), ErrorCode.FORBIDDEN);
        assertRefused(groups.put(DIRECT, "ada", Role.OWNER), ErrorCode.FORBIDDEN);
        assertThat(get(groups.exists(DIRECT))).isFalse();
    }

    @ParameterizedTest
    @ValueSource(strings = {"dm:bob~ada", "dm:ada", "dm:ada~", "dm:~ada", "dm:", "dm:ada~ada", "dm:ada~bob~carl"})
    void aDirectConversationIsNamedAfterTwoInOrder(String name) {
        assertRefused(groups.join(Someone.of("ada", "Ada"), new Address.Group(name)), ErrorCode.BAD_FRAME);
    }

    @Test
    void membershipOfSessionGroupsIsNotKept() {
        Address.Group lobby = new Address.Group("lobby");

        assertRefused(groups.put(lobby, "ada", Role.MEMBER), ErrorCode.CONFLICT);
        assertRefused(groups.remove(lobby, "ada"), ErrorCode.CONFLICT);
        assertRefused(groups.join(Someone.of("ada", "Ada"), lobby), ErrorCode.CONFLICT);
    }

    private Joined join(String user, Address.Group group) {
        return get(groups.join(Someone.of(user, user.toUpperCase(Locale.ROOT)), group));
    }

    private Standing standing(String user, Address.Group group) {
        return get(groups.standing(user, group));
    }

    private static ProtocolException assertRefused(CompletionStage<?> stage, ErrorCode code) {
        Throwable failure = failure(stage);
        assertThat(failure).isInstanceOf(ProtocolException.class);
        ProtocolException refusal = (ProtocolException) failure;
        assertThat(refusal.code()).isEqualTo(code);
        return refusal;
    }
}
