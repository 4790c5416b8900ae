// muster-eval: evaluates the expressions of flows outside the core, so that no expression can hold up or fill
// the node. Protocol: core/flow/eval_protocol.h. Each request gets an engine of its own, without clock,
// randomness, timers or Qt objects, so that its result depends on its scope alone.
#include "app/eval/evaluator.h"

#include <QCoreApplication>

#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/time.h>
#include <unistd.h>

#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <iostream>
#include <string>

namespace {

[[maybe_unused]] constexpr rlim_t memoryLimit = 768UL * 1024 * 1024;
constexpr unsigned endAfterSeconds = 30; // the caller kills it before

// SIGPROF ends the process when it has used so much of the processor.
void limitCpu(int ms)
{
    constexpr int second = 1000;
    itimerval timer{};
    timer.it_value = {.tv_sec = ms / second, .tv_usec = ms % second * second};
    setitimer(ITIMER_PROF, &timer, nullptr);
}

} // namespace

int main(int argc, char **argv)
{
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    setenv("QV4_FORCE_INTERPRETER", "1", 1); // no memory that is both written and run
#if !defined(__SANITIZE_ADDRESS__) && \
    !defined(__SANITIZE_THREAD__) // their shadow memory is terabytes of addresses
    const rlimit limit{.rlim_cur = memoryLimit, .rlim_max = memoryLimit};
    setrlimit(RLIMIT_AS, &limit);
#endif
    const QCoreApplication app(argc, argv);

    std::ios::sync_with_stdio(false);
    muster::eval::warmUp();
    std::cout << "{\"ready\":1}\n" << std::flush;
    std::string line;
    while (std::getline(std::cin, line)) {
        alarm(endAfterSeconds);
        const QByteArray reply = muster::eval::answer(QByteArray::fromStdString(line), limitCpu);
        limitCpu(0);
        alarm(0);
        std::cout << reply.constData() << '\n' << std::flush;
    }
    return 0;
}
