#include "core/node/work/machine_gate.h"

#include "core/base/async.h"

#include <QFile>
#include <QStorageInfo>
#include <QThread>

#include <algorithm>
#include <cstdlib>
#include <vector>

namespace muster {

namespace {

constexpr qint64 lookEachMs = 1000;
constexpr qint64 lookAtDiskEachMs = 5000;
constexpr qint64 unseenMs = 15'000; // by then a session has taken most of what it takes
constexpr size_t remembered = 16;
constexpr qint64 usualAtFirst = 384LL << 20; // agents that were measured took 200 to 525 MiB

// MemAvailable: what programs can take without others being swapped out.
qint64 freeMemory()
{
    QFile file(QStringLiteral("/proc/meminfo"));
    if (!file.open(QIODevice::ReadOnly))
        return -1;
    const QByteArray text = file.readAll();
    constexpr QByteArrayView name = "\nMemAvailable:";
    const qsizetype at = text.indexOf(name);
    if (at < 0)
        return -1;
    return std::strtoll(text.constData() + at + name.size(), nullptr, 10) * 1024;
}

double loadOfAProcessor()
{
    double average = 0;
    if (getloadavg(&average, 1) != 1)
        return -1;
    return average / std::max(1, QThread::idealThreadCount());
}

} // namespace

MachineGate::MachineGate(const Clock &clock, QString folder, std::function<AdmissionLimits()> limits)
    : m_clock(clock)
    , m_folder(std::move(folder))
    , m_limits(std::move(limits))
{
}

void MachineGate::look()
{
    const qint64 now = m_clock.monotonicMs();
    if (m_lookedMs < 0 || now - m_lookedMs >= lookEachMs) {
        m_lookedMs = now;
        m_look.freeMemoryBytes = freeMemory();
        m_look.load = loadOfAProcessor();
    }
    if (m_lookedDiskMs >= 0 && now - m_lookedDiskMs < lookAtDiskEachMs)
        return;
    m_lookedDiskMs = now;
    onPool([folder = m_folder]() -> Result<qint64> {
        return QStorageInfo(folder).bytesAvailable();
    }).then(this, [this](const Result<qint64> &free) { m_look.freeDiskBytes = free.value_or(-1); });
}

Room MachineGate::room()
{
    look();
    while (!m_begunMs.empty() && m_clock.monotonicMs() - m_begunMs.front() >= unseenMs)
        m_begunMs.pop_front();
    return roomFor(m_look, m_limits(), usualBytes(), static_cast<int>(m_begunMs.size()));
}

void MachineGate::begun(int tasks)
{
    m_begunMs.insert(m_begunMs.end(), static_cast<size_t>(tasks), m_clock.monotonicMs());
}

void MachineGate::sessionTook(qint64 bytes)
{
    if (bytes <= 0)
        return;
    m_took.push_back(bytes);
    if (m_took.size() > remembered)
        m_took.pop_front();
}

qint64 MachineGate::usualBytes() const
{
    if (m_took.empty())
        return usualAtFirst;
    std::vector<qint64> took(m_took.begin(), m_took.end());
    const auto middle = took.begin() + static_cast<std::ptrdiff_t>(took.size() / 2);
    std::ranges::nth_element(took, middle);
    return *middle;
}

} // namespace muster
