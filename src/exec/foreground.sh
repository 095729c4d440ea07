#!/bin/sh
# Runs Java as the terminal's foreground job, for exec:exec.   usage: foreground.sh JAVA_HOME ARGUMENTS...
#
# Ctrl-C goes to every process of the foreground job. Without this, Maven would end at once, and the prompt would come back while the service still
# drains. With job control (set -m) Java is a job of its own: only the service gets the signal, and Maven waits for it.

# The exec plugin names the toolchain's JDK; where Maven itself runs on JDK 25 there is none.
java="${TOOLCHAIN_JAVA_HOME:-$1}/bin/java"
shift

# Not in the background, and not without a terminal: there the shell would stop itself, or complain.
read -r pid name state parent group session terminal foreground rest 2>/dev/null </proc/self/stat
if [ -t 0 ] && [ "$group" = "$foreground" ]; then
    set -m
fi

"$java" "$@"
exit $?
