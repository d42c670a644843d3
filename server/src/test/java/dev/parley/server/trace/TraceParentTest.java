package dev.parley.server.trace;

import static org.assertj.core.api.Assertions.assertThat;

import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.TraceState;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TraceParentTest {
    private static final String TRACE = "0af7651916cd43dd8448eb211c80319c";
    private static final String SPAN = "b7ad6b7169203331";
    private static final String SAMPLED = "00-" + TRACE + "-" + SPAN + "-01";

    @Test
    void whatTheStandardGivesAsAnExampleIsRead() {
        assertThat(parse(SAMPLED)).isEqualTo(read(true));
        assertThat(parse("00-" + TRACE + "-" + SPAN + "-00")).isEqualTo(read(false));
    }

    @Test
    void ofTheFlagsOnlyTheFirstCounts() {
        assertThat(parse("00-" + TRACE + "-" + SPAN + "-ff").sampled()).isTrue();
        assertThat(parse("00-" + TRACE + "-" + SPAN + "-fe").sampled()).isFalse();
    }

    @Test
    void aLaterVersionMaySayMore() {
        assertThat(parse("cc-" + TRACE + "-" + SPAN + "-01")).isNotNull();
        assertThat(parse("cc-" + TRACE + "-" + SPAN + "-01-what-is-to-come")).isEqualTo(read(true));
        assertThat(parse("cc-" + TRACE + "-" + SPAN + "-01.what")).isNull();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "00",
                "traceparent",
                "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331",
                "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-1",
                "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01-",
                "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01-more",
                " 0-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
                "0x-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
                "ff-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
                "00-00000000000000000000000000000000-b7ad6b7169203331-01",
                "00-0af7651916cd43dd8448eb211c80319c-0000000000000000-01",
                "00-0AF7651916CD43DD8448EB211C80319C-b7ad6b7169203331-01",
                "00-0af7651916cd43dd8448eb211c80319c-B7AD6B7169203331-01",
                "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-0g",
                "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-0A",
                "00-0af7651916cd43dd8448eb211c80319-b7ad6b71692033311-01",
                "00_0af7651916cd43dd8448eb211c80319c_b7ad6b7169203331_01",
                "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331_01",
                "00-0af7651916cd43dd8448eb211c80319c b7ad6b7169203331-01",
                "0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01-00",
                "00-0af7651916cd43dd8448eb211c80319c-b7ad6b716920333é-01"
            })
    void whatIsMalformedIsNone(String text) {
        assertThat(parse(text)).isNull();
    }

    @Test
    void whatIsNotThereIsNone() {
        assertThat(parse(null)).isNull();
    }

    @ParameterizedTest
    @ValueSource(strings = {"rojo=1", "rojo= two words,congo=t61rcWkgMzE", ""})
    void aSpanTravelsWithWhatItsCallerBrought(String state) {
        Span span = Span.fromContext(
                TraceParent.of(new CallersTrace(SAMPLED, state)).context());

        String text = TraceParent.travelling(span);

        assertThat(span.getSpanContext().isRemote()).isTrue();
        assertThat(text).startsWith(SAMPLED).doesNotContain(" ", "\n");
        TraceParent arrived = TraceParent.arrived(text);
        assertThat(arrived).isEqualTo(new TraceParent(TRACE, SPAN, true, States.parse(state)));
        assertThat(States.write(arrived.state())).isEqualTo(state);
    }

    /** As every one did before there was anything to follow it. */
    @Test
    void withoutAStateItTravelsAsATraceparent() {
        assertThat(TraceParent.travelling(Span.fromContext(parse(SAMPLED).context())))
                .isEqualTo(SAMPLED);
    }

    @Test
    void severalHeadersAreOneState() {
        assertThat(CallersTrace.of(SAMPLED, List.of("a=1", "b=2,c=3")).tracestate())
                .isEqualTo("a=1,b=2,c=3");
        assertThat(CallersTrace.of(SAMPLED, List.of()).tracestate()).isNull();
    }

    @Test
    void aMalformedStateDoesNotHurtTheTrace() {
        assertThat(TraceParent.of(new CallersTrace(SAMPLED, "Rojo"))).isEqualTo(read(true));
    }

    private static TraceParent parse(String text) {
        return TraceParent.of(new CallersTrace(text, null));
    }

    private static TraceParent read(boolean sampled) {
        return new TraceParent(TRACE, SPAN, sampled, TraceState.getDefault());
    }
}
