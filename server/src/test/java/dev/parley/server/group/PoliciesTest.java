package dev.parley.server.group;

import static dev.parley.server.testing.Stages.failure;
import static dev.parley.server.testing.Stages.get;
import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.protocol.Address;
import dev.parley.protocol.ProtocolException;
import dev.parley.protocol.Role;
import dev.parley.server.group.memory.MemoryMemberships;
import dev.parley.server.limit.Exceeded;
import dev.parley.server.security.Access;
import dev.parley.server.security.Action;
import dev.parley.server.security.Identity;
import dev.parley.server.testing.Settings;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Who may do what, by each kind of rule and each kind of person. What grants say beforehand is the matter of {@code AccessTest}. */
class PoliciesTest {
    private static final MembershipStore.Terms ANY = new MembershipStore.Terms(Long.MAX_VALUE, false);

    private final MembershipStore store = new MemoryMemberships();

    @BeforeEach
    void people() {
        for (String group : List.of("rooms:a", "chat:a", "dm:member~owner")) {
            seat(group, "owner", Role.OWNER);
            seat(group, "moderator", Role.MODERATOR);
            seat(group, "member", Role.MEMBER);
        }
    }

    /** By the row's rule: what is answered to a member, a moderator, an owner, a stranger, a guest, a trader and an admin, none of whom is known to be in the group. */
    @ParameterizedTest
    @CsvSource({
        "anyone,            ok,        ok,        ok,        ok,         ok,         ok,         ok",
        "users,             ok,        ok,        ok,        ok,         forbidden,  ok,         ok",
        "members,           ok,        ok,        ok,        not_joined, not_joined, not_joined, ok",
        "moderators,        forbidden, ok,        forbidden, not_joined, not_joined, not_joined, ok",
        "owners,            forbidden, forbidden, ok,        not_joined, not_joined, not_joined, ok",
        "'owners,moderators', forbidden, ok,      ok,        not_joined, not_joined, not_joined, ok",
        "role:trader,       forbidden, forbidden, forbidden, forbidden,  forbidden,  ok,         ok",
        "'role:trader,owners', forbidden, forbidden, ok,     not_joined, not_joined, ok,         ok",
        "granted,           forbidden, forbidden, forbidden, forbidden,  forbidden,  forbidden,  ok",
        "nobody,            forbidden, forbidden, forbidden, forbidden,  forbidden,  forbidden,  ok",
    })
    void eachKindOfRuleLetsItsPeople(
            String rule,
            String member,
            String moderator,
            String owner,
            String stranger,
            String guest,
            String trader,
            String admin) {
        for (String action : List.of("send", "read", "presence")) {
            Policies policies = policies("rooms.membership", "durable", "rooms." + action, rule);
            Action asked = Action.valueOf(action.toUpperCase(java.util.Locale.ROOT));

            assertThat(answer(policies, Someone.with("member"), asked)).isEqualTo(member);
            assertThat(answer(policies, Someone.with("moderator"), asked)).isEqualTo(moderator);
            assertThat(answer(policies, Someone.with("owner"), asked)).isEqualTo(owner);
            assertThat(answer(policies, Someone.with("stranger"), asked)).isEqualTo(stranger);
            assertThat(answer(policies, Someone.guest("g-1"), asked)).isEqualTo(guest);
            assertThat(answer(policies, Someone.with("tom", "trader"), asked)).isEqualTo(trader);
            assertThat(answer(policies, Someone.with("root", "admin"), asked)).isEqualTo(admin);
        }
    }

    /** A connection that is in the group is answered without a look at the store, by the place it has. */
    @ParameterizedTest
    @CsvSource({
        "anyone, ok, ok, ok",
        "members, ok, ok, ok",
        "moderators, forbidden, ok, forbidden",
        "owners, forbidden, forbidden, ok",
        "nobody, forbidden, forbidden, forbidden"
    })
    void whoIsInTheGroupIsJudgedByThePlaceThere(String rule, String member, String moderator, String owner) {
        Namespaces namespaces = namespaces("rooms.membership", "durable", "rooms.send", rule);
        Policies policies = new Policies(new Access(), namespaces, null);
        Address.Group group = new Address.Group("rooms:a");
        Identity who = Someone.with("somebody");

        Map<Role, String> expected = Map.of(Role.MEMBER, member, Role.MODERATOR, moderator, Role.OWNER, owner);
        expected.forEach((role, answer) -> assertThat(answer(policies.require(
                        who, Action.SEND, group, namespaces.of(group).place(role))))
                .as("%s", role)
                .isEqualTo(answer));
    }

    @Test
    void sessionGroupsKnowWhoHasJoinedAndNobodyElse() {
        Policies policies = policies("board.join", "role:trader", "board.send", "nobody", "board.presence", "users");
        Address.Group board = new Address.Group("board:a");
        Identity trader = Someone.with("tom", "trader");

        assertThat(answer(policies.require(trader, Action.JOIN, board))).isEqualTo("ok");
        assertThat(answer(policies.require(Someone.with("ada"), Action.JOIN, board)))
                .isEqualTo("forbidden");
        assertThat(answer(policies.require(trader, Action.READ, board))).isEqualTo("not_joined");
        assertThat(answer(policies.require(trader, Action.SEND, board))).isEqualTo("forbidden");
        assertThat(answer(policies.require(Someone.with("ada"), Action.PRESENCE, board)))
                .isEqualTo("ok");
        assertThat(policies.mayFollow(trader, board)).isTrue();
        assertThat(policies.mayFollow(Someone.with("ada"), board)).isFalse();
    }

    @Test
    void onlyReadingIsOpenToWhoHasNoTokenAndOnlyWhereThatIsSet() {
        Policies policies = policies("chat.anonymous", "true");
        Address.Group open = new Address.Group("chat:a");

        assertThat(answer(policies.require(null, Action.READ, open))).isEqualTo("ok");
        assertThat(answer(policies.require(null, Action.READ, new Address.Group("chat:none"))))
                .isEqualTo("unknown_group");
        assertThat(answer(policies.require(null, Action.READ, new Address.Group("lobby"))))
                .isEqualTo("unauthenticated");
        for (Action other : List.of(Action.JOIN, Action.SEND, Action.PRESENCE, Action.MANAGE)) {
            assertThat(answer(policies.require(null, other, open))).isEqualTo("unauthenticated");
        }
    }

    @Test
    void directConversationsBelongToTheirTwoWhoeverAsks() {
        Policies policies = policies();
        Address.Group direct = new Address.Group("dm:member~owner");

        assertThat(answer(policies.require(Someone.with("member"), Action.READ, direct)))
                .isEqualTo("ok");
        assertThat(answer(policies.require(Someone.with("root", "admin"), Action.READ, direct)))
                .isEqualTo("not_joined");
        assertThat(answer(policies.authority(Someone.with("root", "admin"), direct)))
                .isEqualTo("forbidden");
    }

    @Test
    void aGroupThatDoesNotExistIsSaidToWhomItWouldConcern() {
        Policies policies = policies("rooms.membership", "durable", "rooms.send", "users", "rooms.read", "role:trader");
        Address.Group none = new Address.Group("rooms:none");

        assertThat(answer(policies.require(Someone.with("ada"), Action.SEND, none)))
                .isEqualTo("unknown_group");
        assertThat(answer(policies.require(Someone.with("ada"), Action.READ, none)))
                .isEqualTo("forbidden");
        assertThat(answer(policies.require(Someone.with("ada"), Action.PRESENCE, none)))
                .isEqualTo("unknown_group");
    }

    @Test
    void authorityIsTheRoleOneHasOrAnOwnersByToken() {
        Policies policies = policies("rooms.membership", "durable", "rooms.manage", "moderators,owners,role:support");
        Address.Group group = new Address.Group("rooms:a");

        assertThat(get(policies.authority(Someone.with("owner"), group))).isEqualTo(Role.OWNER);
        assertThat(get(policies.authority(Someone.with("moderator"), group))).isEqualTo(Role.MODERATOR);
        assertThat(get(policies.authority(Someone.with("sue", "support"), group)))
                .isEqualTo(Role.OWNER);
        assertThat(answer(policies.authority(Someone.with("member"), group))).isEqualTo("forbidden");
        assertThat(answer(policies.authority(Someone.with("stranger"), group))).isEqualTo("not_joined");
    }

    @Test
    void aRefusalSaysWhoMay() {
        Policies policies = policies("rooms.membership", "durable", "rooms.send", "owners,role:trader");

        assertThat(failure(policies.require(Someone.with("member"), Action.SEND, new Address.Group("rooms:a"))))
                .hasMessageContaining("only owners or who has the role trader may send to this group");
    }

    private String answer(Policies policies, Identity who, Action action) {
        return answer(policies.require(who, action, new Address.Group("rooms:a")));
    }

    private static String answer(CompletionStage<?> stage) {
        if (!stage.toCompletableFuture().isCompletedExceptionally()) {
            get(stage);
            return "ok";
        }
        return ((ProtocolException) failure(stage)).code().wire();
    }

    private void seat(String group, String user, Role role) {
        get(store.change(group, user, get(store.look(group, user)), new Seat(role, user, 1, null, user), ANY));
    }

    private Policies policies(String... settings) {
        return new Policies(new Access(), namespaces(settings), store);
    }

    private static Namespaces namespaces(String... settings) {
        Map<String, String> properties = new HashMap<>();
        for (int i = 0; i < settings.length; i += 2) {
            properties.put("parley.namespaces." + settings[i], settings[i + 1]);
        }
        return new Namespaces(Settings.with(properties), new Exceeded());
    }
}
