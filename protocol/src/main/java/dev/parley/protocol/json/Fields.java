package dev.parley.protocol.json;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import dev.parley.protocol.Address;
import dev.parley.protocol.Cursor;
import dev.parley.protocol.ErrorCode;
import dev.parley.protocol.Limits;
import dev.parley.protocol.Names;
import dev.parley.protocol.ProtocolException;
import dev.parley.protocol.RawJson;
import dev.parley.protocol.RequestId;
import java.io.Closeable;
import java.io.IOException;
import java.nio.CharBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.function.Function;

/**
 * A walk over the fields of one JSON object. Whoever walks calls {@link #next()} and then exactly one method that takes the value: one named after the
 * wanted kind, or {@link #skip()}. All of them answer null for JSON's null, and {@code bad_frame} with the field's name for a wrong kind or a name
 * that came before. Used by one thread, for one object.
 */
final class Fields implements Closeable {
    private final JsonParser json;
    private final char[] text;
    private final Fields parent;
    private String[] taken;
    private int takenCount;
    private String name;
    private JsonToken value;
    private boolean pending;
    private boolean inList;

    private Fields(JsonParser json, char[] text, Fields parent) {
        this.json = json;
        this.text = text;
        this.parent = parent;
        this.taken = new String[parent == null ? 12 : 4];
    }

    /** Opens the object that is the whole of {@code text}, which is backed by an array from its beginning on. */
    static Fields open(JsonFactory rules, CharBuffer text) throws IOException {
        JsonParser json = rules.createParser(text.array(), 0, text.length());
        if (json.nextToken() != JsonToken.START_OBJECT) {
            throw new ProtocolException(ErrorCode.BAD_FRAME, "not a JSON object");
        }
        return new Fields(json, text.array(), null);
    }

    /** Gives the parser's buffers back. */
    @Override
    public void close() throws IOException {
        json.close();
    }

    /** Nothing may follow the object. */
    void end() throws IOException {
        if (json.nextToken() != null) {
            throw new ProtocolException(ErrorCode.BAD_FRAME, "something follows the JSON object");
        }
    }

    /** The {@code type} where it is the first field, as nearly always; else null, and the walk begins at the first field all the same. */
    String leadingType() throws IOException {
        pending = next();
        if (!pending || !name.equals("type")) {
            return null;
        }
        pending = false;
        return text();
    }

    /** Goes to the next field; false at the object's end. */
    boolean next() throws IOException {
        if (pending) {
            pending = false;
            return true;
        }
        if (json.nextToken() != JsonToken.FIELD_NAME) {
            return false;
        }
        name = json.currentName();
        value = json.nextToken();
        return true;
    }

    /** The field's name. */
    String name() {
        return name;
    }

    /** Passes over a field that means nothing here. */
    void skip() throws IOException {
        if (parent == null && name.equals("type")) {
            take();
        }
        json.skipChildren();
    }

    /** Passes over all that is left. */
    void skipAll() throws IOException {
        while (next()) {
            skip();
        }
    }

    /** A string of any length. */
    String text() throws IOException {
        return text(Integer.MAX_VALUE);
    }

    /** A string of at most {@code max} characters. */
    String text(int max) throws IOException {
        take();
        if (value == JsonToken.VALUE_NULL) {
            return null;
        }
        if (value != JsonToken.VALUE_STRING) {
            throw bad("is not a string");
        }
        if (json.getTextLength() > max) {
            throw bad("has more than " + max + " characters");
        }
        String string = json.getText();
        if (hasLoneSurrogate(string)) {
            throw bad("has half of a surrogate pair");
        }
        return string;
    }

    /** A string of 1 to {@value Names#ID_MAX} characters, none of them a control character. */
    String label() throws IOException {
        String label = text(Names.ID_MAX);
        if (label != null) {
            if (label.isEmpty()) {
                throw bad("is empty");
            }
            for (int i = 0; i < label.length(); i++) {
                if (Character.isISOControl(label.charAt(i))) {
                    throw bad("has a control character");
                }
            }
        }
        return label;
    }

    /** An integer from 0 to 2<sup>53</sup> − 1. */
    Long count() throws IOException {
        take();
        if (value == JsonToken.VALUE_NULL) {
            return null;
        }
        long number = isShortInteger() ? json.getLongValue() : -1;
        if (number < 0 || number > Limits.COUNT_MAX) {
            throw bad("is not an integer from 0 to 2^53-1");
        }
        return number;
    }

    /** An integer from 0 to 2<sup>31</sup> − 1. */
    Integer smallCount() throws IOException {
        Long count = count();
        if (count != null && count > Integer.MAX_VALUE) {
            throw bad("is not an integer from 0 to 2^31-1");
        }
        return count == null ? null : count.intValue();
    }

    /** True or false. */
    Boolean flag() throws IOException {
        take();
        return switch (value) {
            case VALUE_NULL -> null;
            case VALUE_TRUE -> Boolean.TRUE;
            case VALUE_FALSE -> Boolean.FALSE;
            default -> throw bad("is neither true nor false");
        };
    }

    /** A request's id. */
    RequestId requestId() throws IOException {
        if (value == JsonToken.VALUE_STRING) {
            return new RequestId.Text(text(Names.ID_MAX));
        }
        take();
        if (value == JsonToken.VALUE_NULL) {
            return null;
        }
        long number = isShortInteger() ? json.getLongValue() : Long.MAX_VALUE;
        if (number < -Limits.COUNT_MAX || number > Limits.COUNT_MAX) {
            throw bad("is neither a string nor an integer between -2^53 and 2^53");
        }
        return new RequestId.Number(number);
    }

    /** The name of a group. */
    Address.Group group() throws IOException {
        String group = text();
        return group == null ? null : new Address.Group(group);
    }

    /** One of a closed choice. */
    <E> E choice(E[] choices, Function<E, String> wire) throws IOException {
        String chosen = text();
        if (chosen == null) {
            return null;
        }
        for (E choice : choices) {
            if (wire.apply(choice).equals(chosen)) {
                return choice;
            }
        }
        throw bad("is none of the values there are");
    }

    /** An object, to be walked to its end before this walk goes on. */
    Fields object() throws IOException {
        take();
        if (value == JsonToken.VALUE_NULL) {
            return null;
        }
        if (value != JsonToken.START_OBJECT) {
            throw bad("is not an object");
        }
        return new Fields(json, text, this);
    }

    /** Reads an element of an array, of which it calls one method that takes a value. */
    @FunctionalInterface
    interface Element<T> {
        T read(Fields element) throws IOException;
    }

    /** An array of at most {@code max} elements, none of them null. */
    <T> List<T> list(int max, Element<T> element) throws IOException {
        take();
        if (value == JsonToken.VALUE_NULL) {
            return null;
        }
        if (value != JsonToken.START_ARRAY) {
            throw bad("is not an array");
        }
        List<T> list = new ArrayList<>();
        inList = true;
        for (value = json.nextToken(); value != JsonToken.END_ARRAY; value = json.nextToken()) {
            if (list.size() == max) {
                throw bad("has more than " + max + " elements");
            }
            if (value == JsonToken.VALUE_NULL) {
                throw bad("has an element that is null");
            }
            list.add(element.read(this));
        }
        inList = false;
        return Collections.unmodifiableList(list);
    }

    /** Any value, null included, as it was written, but on one line. */
    RawJson raw() throws IOException {
        take();
        int start = (int) json.currentTokenLocation().getCharOffset();
        json.skipChildren();
        json.finishToken();
        int end = (int) json.currentLocation().getCharOffset();
        // Valid UTF-8 comes out of decoding and encoding as it went in.
        byte[] utf8 = new String(text, start, end - start).getBytes(StandardCharsets.UTF_8);
        for (int i = 0; i < utf8.length; i++) {
            // Strings have no raw line breaks, so this is white space between tokens.
            if (utf8[i] == '\n' || utf8[i] == '\r') {
                utf8[i] = ' ';
            }
        }
        return RawJson.of(utf8);
    }

    /** An object with {@code epoch} and {@code seq}; null for anything else, so that the caller chooses how bad that is. */
    Cursor cursorOrNull() throws IOException {
        if (value != JsonToken.START_OBJECT) {
            json.skipChildren();
            return null;
        }
        String epoch = null;
        long seq = -1;
        while (json.nextToken() == JsonToken.FIELD_NAME) {
            String field = json.currentName();
            value = json.nextToken();
            if (field.equals("epoch") && value == JsonToken.VALUE_STRING) {
                epoch = json.getText();
            } else if (field.equals("seq") && isShortInteger()) {
                seq = json.getLongValue();
            } else {
                json.skipChildren();
            }
        }
        boolean good = epoch != null
                && !epoch.isEmpty()
                && epoch.length() <= Names.ID_MAX
                && !hasLoneSurrogate(epoch)
                && seq >= 0
                && seq <= Limits.COUNT_MAX;
        return good ? new Cursor(epoch, seq) : null;
    }

    /** The value, unless the field {@code name} was absent. */
    <T> T require(T value, String name) {
        if (value == null) {
            throw new ProtocolException(ErrorCode.BAD_FRAME, path() + name + " is missing");
        }
        return value;
    }

    /** A refusal that names the present field. */
    ProtocolException bad(String what) {
        return new ProtocolException(ErrorCode.BAD_FRAME, path() + name + " " + what);
    }

    private String path() {
        return parent == null ? "" : parent.path() + parent.name + ".";
    }

    /** Notes that a known field is read; a second one of the name is refused, for nobody knows which one was meant. */
    private void take() {
        if (inList) {
            return;
        }
        for (int i = 0; i < takenCount; i++) {
            if (taken[i].equals(name)) {
                throw bad("is given twice");
            }
        }
        if (takenCount == taken.length) {
            taken = Arrays.copyOf(taken, 2 * takenCount);
        }
        taken[takenCount++] = name;
    }

    /** Integral in syntax, and short enough for a long. */
    private boolean isShortInteger() throws IOException {
        return value == JsonToken.VALUE_NUMBER_INT && json.getTextLength() <= 18;
    }

    private static boolean hasLoneSurrogate(String string) {
        for (int i = 0; i < string.length(); i++) {
            char c = string.charAt(i);
            if (Character.isSurrogate(c)) {
                if (Character.isLowSurrogate(c)
                        || i + 1 == string.length()
                        || !Character.isLowSurrogate(string.charAt(i + 1))) {
                    return true;
                }
                i++;
            }
        }
        return false;
    }
}
