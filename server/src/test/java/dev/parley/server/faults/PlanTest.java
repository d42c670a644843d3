package dev.parley.server.faults;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class PlanTest {
    private static final Duration LONG = Duration.ofMinutes(10);

    @Test
    void isTheSameForTheSameSeed() {
        assertThat(Plan.random(7, LONG)).isEqualTo(Plan.random(7, LONG)).isNotEqualTo(Plan.random(8, LONG));
        assertThat(Plan.everything(7)).isEqualTo(Plan.everything(7)).isNotEqualTo(Plan.everything(8));
    }

    @Test
    void isWrittenAndReadAgain() {
        for (Plan plan : List.of(Plan.random(7, LONG), Plan.everything(7))) {
            Plan again = Plan.parse(plan.toString());

            assertThat(again.steps()).isEqualTo(plan.steps());
            assertThat(again.seed()).isEqualTo(plan.seed());
            assertThat(again.length().toSeconds()).isEqualTo(plan.length().toSeconds());
        }
    }

    @Test
    void hasEverythingInTheShortPlanOnEveryLinkAndWhatLosesDataLast() {
        List<String> all = Arrays.stream(Kind.values())
                .flatMap(kind -> kind.on == Kind.On.LINK
                        ? Step.LINKS.stream().map(link -> kind.label() + " " + link)
                        : List.of(kind.label()).stream())
                .toList();
        LongStream.range(0, 50).mapToObj(Plan::everything).forEach(plan -> {
            assertThat(plan.counts().keySet()).containsExactlyInAnyOrderElementsOf(all);
            assertThat(plan.length()).isLessThan(Duration.ofSeconds(90));
            int first = IntStream.range(0, plan.steps().size())
                    .filter(i -> plan.steps().get(i).kind().losesData())
                    .findFirst()
                    .orElseThrow();
            assertThat(plan.steps().subList(first, plan.steps().size()))
                    .allMatch(step -> step.kind().losesData());
        });
    }

    @Test
    void hasPlentyOfFaultsInALongPlan() {
        Plan plan = Plan.random(1, LONG);

        assertThat(plan.steps()).hasSizeGreaterThan(100);
        assertThat(plan.steps()).allMatch(step -> step.at().compareTo(LONG) < 0);
    }

    @Test
    void isShorterWithFewerSteps() {
        Plan plan = Plan.random(1, LONG);
        List<Step> two = List.of(plan.steps().get(3), plan.steps().get(90));

        Plan smaller = plan.with(two);

        assertThat(smaller.steps())
                .extracting(Step::kind)
                .containsExactly(two.get(0).kind(), two.get(1).kind());
        assertThat(smaller.length()).isLessThan(Duration.ofMinutes(2));
    }

    @Test
    void isShrunkToWhatFails() {
        List<Integer> hundred = IntStream.range(0, 100).boxed().toList();

        assertThat(Shrinker.shrink(hundred, some -> some.contains(13) && some.contains(77), 1000))
                .containsExactly(13, 77);
        assertThat(Shrinker.shrink(hundred, some -> false, 1000)).isEqualTo(hundred);
        assertThat(Shrinker.shrink(hundred, some -> some.contains(13), 3))
                .contains(13)
                .hasSizeLessThan(100);
    }
}
