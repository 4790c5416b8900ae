// Holds a process in its death, as a driver that hangs would: SIGKILL ends nothing of it until this program
// ends. Prints "held" and waits for the end of its input.
//
//   hold_exit PID          1: may not be held here (no permission to trace)
#include <sys/ptrace.h>
#include <unistd.h>

#include <cstdio>
#include <cstdlib>

int main(int count, char **arguments)
{
    if (count != 2)
        return 2;
    const auto pid = static_cast<pid_t>(strtol(arguments[1], nullptr, 10));
    if (ptrace(PTRACE_SEIZE, pid, nullptr, PTRACE_O_TRACEEXIT) != 0) {
        perror("hold_exit");
        return 1;
    }
    printf("held\n");
    fflush(stdout);
    for (char byte = 0; read(STDIN_FILENO, &byte, 1) > 0;) {
    }
    return 0; // what is held goes on to its end
}
