package dev.resound.test;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** As {@link OnEveryTransport}, for tests of HTTP/1.1 itself. */
@ParameterizedClass(name = "{0}")
@EnumSource(
        value = TestTransport.class,
        mode = EnumSource.Mode.EXCLUDE,
        names = {"CORE", "HTTP2", "H2C"})
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
public @interface OnEveryHttp1Transport {}
