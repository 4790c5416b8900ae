#include "core/node/work/stream_recorder.h"

#include <algorithm>

namespace muster {

namespace {
constexpr int showEveryMs = 16;
constexpr int writeEveryMs = 250;
constexpr qsizetype writeAtUnits = 256 * 1024; // a flood is written sooner
constexpr qint64 mostUnitsAtOnce = 2LL * 1024 * 1024;
// Of one channel of a task. More is not kept: no person reads it, and memory and store stay bounded.
constexpr qint64 keptUnits = 16LL * 1024 * 1024;
constexpr QStringView notKept = u"\n[muster: the rest is not kept]\n";
} // namespace

StreamRecorder::StreamRecorder(Ledger &ledger, QObject *parent)
    : QObject(parent)
    , m_ledger(ledger)
{
    m_showTimer.setSingleShot(true);
    m_showTimer.setInterval(showEveryMs);
    m_writeTimer.setSingleShot(true);
    m_writeTimer.setInterval(writeEveryMs);
    connect(&m_showTimer, &QTimer::timeout, this, &StreamRecorder::show);
    connect(&m_writeTimer, &QTimer::timeout, this, &StreamRecorder::write);
}

void StreamRecorder::add(const Source &source, StreamChannel channel, const QString &messageKey,
                         const QString &said, bool replaces)
{
    qint64 &units = m_offsets[{source.task.value, static_cast<int>(channel)}];
    if (said.isEmpty() || units >= keptUnits)
        return;
    const QString text = units + said.size() < keptUnits ? said : said.first(keptUnits - units) + notKept;
    // The channel's last piece goes on; another message begins another piece.
    const auto ofChannel = [&](const Piece &p) {
        return p.source.task == source.task && p.channel == channel;
    };
    auto piece = std::ranges::find_last_if(m_pieces, ofChannel).begin();
    if (replaces || piece == m_pieces.end() || piece->messageKey != messageKey) {
        m_pieces.push_back({.source = source,
                            .channel = channel,
                            .messageKey = messageKey,
                            .offset = units,
                            .replaces = replaces});
        piece = std::prev(m_pieces.end());
    }
    piece->unshown += text;
    piece->unwritten += text;
    m_unwritten[source.task.value] += text.size();
    units += text.size();
    if (!m_showTimer.isActive())
        m_showTimer.start();
    if (piece->unwritten.size() >= writeAtUnits)
        write();
    else if (!m_writeTimer.isActive())
        m_writeTimer.start();
}

void StreamRecorder::resume(TaskId task, StreamChannel channel, qint64 units)
{
    m_offsets[{task.value, static_cast<int>(channel)}] = units;
}

void StreamRecorder::show()
{
    if (!m_ledger.hub().hasSubscribers()) {
        for (Piece &piece : m_pieces)
            piece.unshown.clear();
        return;
    }
    for (Piece &piece : m_pieces) {
        if (piece.unshown.isEmpty())
            continue;
        m_ledger.hub().stream({.task = piece.source.task,
                               .run = piece.source.refs.run,
                               .step = piece.source.refs.step,
                               .conversation = piece.source.refs.conversation,
                               .channel = enumName(piece.channel),
                               .offset = piece.offset + piece.unwritten.size() - piece.unshown.size(),
                               .text = std::exchange(piece.unshown, {})});
    }
}

// Not while one is under way: what is due then goes on after it.
void StreamRecorder::write()
{
    m_writeAgain = m_writing && !m_pieces.empty();
    if (m_writing || m_pieces.empty())
        return;
    show();
    m_writeTimer.stop();
    Taken taken;
    std::vector<StreamChunk> all = takeChunks(taken);
    m_writing = true;
    m_ledger.commit(this, [chunks = std::move(all)](Connection &db, EventBatch &) mutable -> Status {
        return StreamRepository(db).append(std::span(chunks));
    }, [this, taken](const Status &) { wrote(taken); });
}

// The oldest, as much as one write may be.
std::vector<StreamChunk> StreamRecorder::takeChunks(Taken &taken)
{
    std::vector<StreamChunk> chunks;
    const qint64 now = m_ledger.clock().nowMs();
    qint64 units = 0;
    auto piece = m_pieces.begin();
    for (; piece != m_pieces.end() && units < mostUnitsAtOnce; ++piece) {
        const qint64 size = piece->unwritten.size();
        units += size;
        taken[piece->source.task.value] += size;
        chunks.push_back({.session = {},
                          .task = piece->source.task,
                          .channel = piece->channel,
                          .messageKey = piece->messageKey,
                          .offset = piece->offset,
                          .replaces = piece->replaces,
                          .atMs = now,
                          .text = std::move(piece->unwritten)});
    }
    m_pieces.erase(m_pieces.begin(), piece);
    m_writeAgain = !m_pieces.empty();
    return chunks;
}

void StreamRecorder::wrote(const Taken &taken)
{
    m_writing = false;
    for (auto it = taken.cbegin(); it != taken.cend(); ++it) {
        qint64 &left = m_unwritten[it.key()];
        left -= it.value();
        if (left <= 0)
            m_unwritten.remove(it.key());
    }
    if (std::exchange(m_writeAgain, false) || !m_finishing.empty())
        write();
    else if (!m_pieces.empty() && !m_writeTimer.isActive())
        m_writeTimer.start();
    answerFinished();
    emit written();
}

void StreamRecorder::answerFinished()
{
    std::vector<std::function<void()>> done;
    std::erase_if(m_finishing, [&](auto &finishing) {
        if (unwritten(finishing.first) > 0)
            return false;
        done.push_back(std::move(finishing.second));
        return true;
    });
    for (const auto &answer : done)
        answer();
}

void StreamRecorder::finish(TaskId task, std::function<void()> done)
{
    m_offsets.removeIf([task](const auto &entry) { return entry.key().first == task.value; });
    m_finishing.emplace_back(task, std::move(done));
    write();
    answerFinished();
}

} // namespace muster
