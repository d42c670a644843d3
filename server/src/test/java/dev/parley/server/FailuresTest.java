package dev.parley.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.CompletionException;
import org.junit.jupiter.api.Test;

class FailuresTest {
    private final IllegalStateException fault = new IllegalStateException("it");

    @Test
    void theCauseIsFoundHoweverOftenItWasWrapped() {
        assertThat(Failures.causeOf(fault)).isSameAs(fault);
        assertThat(Failures.causeOf(new CompletionException(fault))).isSameAs(fault);
        assertThat(Failures.causeOf(new CompletionException(new CompletionException(fault))))
                .isSameAs(fault);
    }

    @Test
    void whatHasNoCauseIsItsOwn() {
        CompletionException bare = new CompletionException("it", null);

        assertThat(Failures.causeOf(bare)).isSameAs(bare);
        assertThat(Failures.causeOf(null)).isNull();
    }
}
