package dev.parley.server.trace;

import static org.assertj.core.api.Assertions.assertThat;

import io.opentelemetry.api.trace.TraceState;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class StatesTest {

    @ParameterizedTest
    @ValueSource(
            strings = {
                "rojo=00f067aa0ba902b7",
                "rojo=00f067aa0ba902b7,congo=t61rcWkgMzE",
                "congo=t61rcWkgMzE,rojo=00f067aa0ba902b7",
                "ot=th:8;rv:1ed4e0ad4e4ce2",
                "fw529a3039@dt=FfffffffC;1,a_b-c*d/e=1",
                "a= with spaces inside",
                "a=!~+-<>"
            })
    void whatTheStandardAllowsComesBackInItsOrder(String state) {
        assertThat(States.write(States.parse(state))).isEqualTo(state);
    }

    @Test
    void whiteSpaceAndNothingBetweenCommasIsNotPassedOn() {
        assertThat(States.write(States.parse(" a=1 \t,, \tb=2,"))).isEqualTo("a=1,b=2");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "a",
                "=1",
                "a=",
                "a=1=2",
                "A=1",
                "a b=1",
                "a =1",
                "a=1,b",
                "a=1,B=2",
                "a=1,a=2",
                "a=é",
                "a=1\n2",
                "a=1;b=2",
                "\u00a0a=1",
                "@dt=1",
                "a@=1"
            })
    void whatIsMalformedIsDroppedAsAWhole(String state) {
        assertThat(States.parse(state).isEmpty()).isTrue();
    }

    @Test
    void upTo512CharactersArePassedOn() {
        String value = "v".repeat(252);
        String longest = "aaa=" + value + ",bb=" + value;
        assertThat(longest).hasSize(512);

        assertThat(States.write(States.parse(longest))).isEqualTo(longest);
        assertThat(States.parse(longest + "v").isEmpty()).isTrue();
    }

    @Test
    void upTo32MembersArePassedOn() {
        assertThat(States.parse(members(32)).size()).isEqualTo(32);
        assertThat(States.parse(members(33)).isEmpty()).isTrue();
    }

    @Test
    void aKeyOrAValueThatIsTooLongIsMalformed() {
        assertThat(States.parse("a=" + "v".repeat(256)).size()).isEqualTo(1);
        assertThat(States.parse("a=" + "v".repeat(257)).isEmpty()).isTrue();
        assertThat(States.parse("k".repeat(256) + "=1").size()).isEqualTo(1);
        assertThat(States.parse("k".repeat(257) + "=1").isEmpty()).isTrue();
    }

    @Test
    void whatIsNotThereIsEmpty() {
        assertThat(States.parse(null)).isEqualTo(TraceState.getDefault());
        assertThat(States.parse("").isEmpty()).isTrue();
    }

    private static String members(int number) {
        return IntStream.range(0, number).mapToObj(i -> "k" + i + "=" + i).collect(Collectors.joining(","));
    }
}
