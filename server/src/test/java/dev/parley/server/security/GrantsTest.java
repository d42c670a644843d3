package dev.parley.server.security;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.protocol.Address;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class GrantsTest {

    @ParameterizedTest
    @CsvSource({
        "lobby, lobby, true",
        "lobby, lobby2, false",
        "lobby, Lobby, false",
        "*, anything:at~all, true",
        "prices:*, prices:, true",
        "prices:*, prices:ACME, true",
        "prices:*, price:ACME, false",
        "team:*:alerts, team:a:b:alerts, true",
        "team:*:alerts, team:alerts, false",
        "*a*b*, xxaxxaxbx, true",
        "*a*b*, xxbxxbxax, false",
        "**, x, true",
        "a.c, abc, false",
        "a*a, a, false",
    })
    void aStarStandsForAnyCharacters(String pattern, String group, boolean fits) {
        Verdict verdict = grants(pattern, Action.JOIN).judge(Action.JOIN, new Address.Group(group));

        assertThat(verdict).isEqualTo(fits ? Verdict.GRANTED : Verdict.REFUSED);
    }

    @Test
    void aTokenWithoutGrantsSaysNothing() {
        assertThat(Grants.UNSAID.judge(Action.SEND, new Address.Group("lobby"))).isEqualTo(Verdict.UNSAID);
    }

    @Test
    void whatNoGrantAllowsIsRefused() {
        Grants grants = new Grants(
                List.of(new Grants.Grant("a:*", Set.of(Action.JOIN)), new Grants.Grant("*", Set.of(Action.PRESENCE))));

        assertThat(grants.judge(Action.JOIN, new Address.Group("a:1"))).isEqualTo(Verdict.GRANTED);
        assertThat(grants.judge(Action.PRESENCE, new Address.Group("a:1"))).isEqualTo(Verdict.GRANTED);
        assertThat(grants.judge(Action.SEND, new Address.Group("a:1"))).isEqualTo(Verdict.REFUSED);
        assertThat(grants.judge(Action.JOIN, new Address.Group("b:1"))).isEqualTo(Verdict.REFUSED);
    }

    @Test
    void noGrantOpensADirectConversation() {
        Access access = new Access();
        Identity eve = new Identity("eve", "Eve", Set.of(), grants("*", Action.READ), null, null, null, false);

        assertThat(access.judge(eve, Action.READ, new Address.Group("dm:ada~bob")))
                .isEqualTo(Verdict.UNSAID);
        assertThat(access.judge(eve, Action.SEND, new Address.Group("dm:ada~bob")))
                .isEqualTo(Verdict.REFUSED);
        assertThat(access.judge(eve, Action.READ, new Address.Group("chat:lobby")))
                .isEqualTo(Verdict.GRANTED);
    }

    private static Grants grants(String pattern, Action action) {
        return new Grants(List.of(new Grants.Grant(pattern, Set.of(action))));
    }
}
