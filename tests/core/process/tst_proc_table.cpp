// What is read of /proc while processes come and go.
#include "core/process/proc_table.h"

#include <QTest>

#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <csignal>
#include <thread>
#include <vector>

using namespace muster;

namespace {

pid_t spawned(const char *program, const char *argument)
{
    std::array<char *, 3> argv{const_cast<char *>(program), const_cast<char *>(argument), nullptr};
    pid_t pid = 0;
    return posix_spawn(&pid, program, nullptr, nullptr, argv.data(), environ) == 0 ? pid : 0;
}

} // namespace

class TestProcTable : public QObject {
    Q_OBJECT
private slots:
    void childrenAreCompleteWhileOthersAreCollected();
    void memoryOfAProcess();
};

// The kernel's list of children leaves out a living one when another is collected while it is read.
void TestProcTable::childrenAreCompleteWhileOthersAreCollected()
{
    int missed = 0;
    for (int round = 0; round < 100 && missed == 0; ++round) {
        std::vector<pid_t> passing;
        for (int i = 0; i < 48; ++i)
            passing.push_back(spawned("/bin/true", nullptr));
        const pid_t staying = spawned("/bin/sleep", "1000");
        QVERIFY(staying > 0);
        std::jthread collector([&] {
            for (const pid_t pid : passing)
                ::waitpid(pid, nullptr, 0);
        });
        while (adoptedChildren().size() > 1)
            missed += !std::ranges::contains(adoptedChildren(), staying);
        collector.join();
        ::kill(staying, SIGKILL);
        ::waitpid(staying, nullptr, 0);
    }
    QCOMPARE(missed, 0);
}

void TestProcTable::memoryOfAProcess()
{
    constexpr std::int64_t size = 64LL * 1024 * 1024;
    const auto before = readProcEntry(getpid());
    QVERIFY(before && before->residentBytes() > 0);
    const std::int64_t exactBefore = proportionalBytes(getpid());
    QVERIFY(exactBefore > 0 && exactBefore <= before->residentBytes());
    std::vector<char> block(size, 'x');
    QVERIFY(block[size / 2] == 'x');
    QVERIFY(readProcEntry(getpid())->residentBytes() - before->residentBytes() > size / 10 * 9);
    QVERIFY(proportionalBytes(getpid()) - exactBefore > size / 10 * 9);
    QCOMPARE(proportionalBytes(-1), 0);
}

QTEST_GUILESS_MAIN(TestProcTable)
#include "tst_proc_table.moc"
