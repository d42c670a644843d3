package dev.parley.server.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class TurnsTest {
    private final Turns<String> turns = new Turns<>();
    private final List<String> begun = new ArrayList<>();

    @Test
    void theNextBeginsWhenTheOneBeforeItIsDone() {
        turns.take("a", () -> begun.add("first"));
        turns.take("a", () -> begun.add("second"));
        turns.take("a", () -> begun.add("third"));
        assertThat(begun).containsExactly("first");

        turns.done("a");
        assertThat(begun).containsExactly("first", "second");
        turns.done("a");
        turns.done("a");

        turns.take("a", () -> begun.add("fourth"));
        assertThat(begun).containsExactly("first", "second", "third", "fourth");
    }

    @Test
    void whatConcernsSomethingElseDoesNotWait() {
        turns.take("a", () -> begun.add("a"));
        turns.take("b", () -> begun.add("b"));

        assertThat(begun).containsExactly("a", "b");
    }

    @Test
    void whatIsDoneAtOnceLetsTheNextBeginAtOnce() {
        for (int i = 0; i < 3; i++) {
            String name = "turn " + i;
            turns.take("a", () -> {
                begun.add(name);
                turns.done("a");
            });
        }

        assertThat(begun).hasSize(3);
    }
}
