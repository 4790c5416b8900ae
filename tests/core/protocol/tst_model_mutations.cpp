// Streams of model providers, damaged: bytes changed, cut out, repeated, exchanged with those of others,
// split anywhere. Whatever comes, there is one end, no event after it, calls keep their ids, and memory is
// bounded. The same for the parser of server-sent events by itself.
//
// MUSTER_FUZZ_INPUTS sets how many inputs (ctest's label "fuzz" runs a million).
#include "tests/core/protocol/model_replay.h"

#include <QTest>

#include <random>

using namespace muster;
using namespace muster::testing;

namespace {

class Mutator {
public:
    explicit Mutator(quint64 seed)
        : m_random(seed)
    {
    }

    [[nodiscard]] qsizetype below(qsizetype bound)
    {
        return bound < 1 ? 0 : static_cast<qsizetype>(m_random() % static_cast<quint64>(bound));
    }

    void damage(QByteArray &stream, const QList<QByteArray> &pool)
    {
        static const QList<QByteArray> words{"null",
                                             "-1",
                                             "1e999",
                                             "99999999999999999999",
                                             "\"\"",
                                             "{}",
                                             "[]",
                                             "true",
                                             "\\u0000",
                                             "\\ud800",
                                             "\xff",
                                             "\n",
                                             "\r",
                                             "\n\n",
                                             "\r\n\r\n",
                                             "data:",
                                             "id: ",
                                             ":",
                                             "[DONE]",
                                             "\xEF\xBB\xBF",
                                             "\"",
                                             "}",
                                             "{",
                                             QByteArray(200, '['),
                                             QByteArray("\0", 1)};
        const qsizetype at = below(stream.size());
        const qsizetype size = below(std::min<qsizetype>(80, stream.size() - at + 1));
        switch (below(7)) {
        case 0:
            if (!stream.isEmpty())
                stream[at] = static_cast<char>(m_random());
            break;
        case 1:
            stream.remove(at, size);
            break;
        case 2:
            stream.insert(at, stream.sliced(at, size));
            break;
        case 3:
            stream.insert(at, words.at(below(words.size())));
            break;
        case 4:
            replaceValue(stream, at, words.at(below(words.size())));
            break;
        case 5:
            stream.insert(stream.indexOf('\n', at) + 1, pool.at(below(pool.size())));
            break;
        default:
            stream.truncate(at);
        }
    }

private:
    // Keeps the JSON mostly whole: what lies between a ':' and the next ',' is another value.
    static void replaceValue(QByteArray &stream, qsizetype from, const QByteArray &value)
    {
        const qsizetype colon = stream.indexOf("\":", from);
        const qsizetype comma = stream.indexOf(',', colon);
        if (colon >= 0 && comma > colon)
            stream.replace(colon + 2, comma - colon - 2, value);
    }

    std::mt19937_64 m_random;
};

int inputs(int usual)
{
    const int wished = qEnvironmentVariableIntValue("MUSTER_FUZZ_INPUTS");
    return wished > 0 ? wished : usual;
}

} // namespace

class TestModelMutations : public QObject {
    Q_OBJECT
private slots:
    void initTestCase();
    void decoders_data();
    void decoders();
    void parser();

private:
    QList<QByteArray> m_streams; // of all providers
    QList<QByteArray> m_pool;    // their events
};

void TestModelMutations::initTestCase()
{
    for (const auto &[kind, name] : EnumNames<ModelApiKind>::table) {
        const QDir folder(modelFixtures() + QString::fromLatin1(name));
        const QStringList files = folder.entryList(QDir::Files);
        QVERIFY(!files.isEmpty());
        for (const QString &file : files)
            m_streams += modelFixture(folder.dirName() + u'/' + file);
    }
    for (const QByteArray &stream : std::as_const(m_streams)) {
        const QList<QByteArray> lines = stream.split('\n');
        for (const QByteArray &line : lines)
            m_pool += line + "\n\n";
    }
}

void TestModelMutations::decoders_data()
{
    QTest::addColumn<ModelApiKind>("kind");
    for (const auto &[kind, name] : EnumNames<ModelApiKind>::table)
        QTest::newRow(name) << kind;
}

void TestModelMutations::decoders()
{
    QFETCH(ModelApiKind, kind);
    const QDir folder(modelFixtures() + enumName(kind));
    QList<QByteArray> own;
    const QStringList files = folder.entryList(QDir::Files);
    for (const QString &file : files)
        own += modelFixture(folder.dirName() + u'/' + file);
    const auto count = static_cast<quint64>(inputs(3000));
    for (quint64 seed = 1; seed <= count; ++seed) {
        Mutator mutator(seed);
        QByteArray stream = own.at(mutator.below(own.size()));
        for (qsizetype i = mutator.below(8); i >= 0; --i)
            mutator.damage(stream, m_pool);
        ModelReplay replay(kind);
        for (QByteArrayView rest(stream); !rest.isEmpty();) {
            const qsizetype size = std::min(rest.size(), 1 + mutator.below(200));
            replay.feed(rest.first(size));
            rest = rest.sliced(size);
        }
        replay.finish();
        QVERIFY2(replay.stream().isEnded() && replay.problems().isEmpty(),
                 qPrintable(u"seed %1: "_s.arg(seed) + replay.problems().join(u'\n')));
        // What came can be kept and given back to every provider.
        const auto back = fromJsonObject<ModelMessage>(toJsonObject(replay.stream().message()));
        QVERIFY2(back, qPrintable(u"seed %1"_s.arg(seed)));
        (void)makeModelApi(kind)->encode({.messages = {*back}});
    }
}

// In any split the same events, and never more held than the limits allow.
void TestModelMutations::parser()
{
    const auto count = static_cast<quint64>(inputs(3000));
    constexpr qsizetype most = 400;
    for (quint64 seed = 1; seed <= count; ++seed) {
        Mutator mutator(seed);
        QByteArray stream = m_streams.at(mutator.below(m_streams.size()));
        for (qsizetype i = mutator.below(12); i >= 0; --i)
            mutator.damage(stream, m_pool);
        const auto eventsOf = [&](bool whole) {
            SseParser parser(most, most);
            QByteArrayList seen;
            for (QByteArrayView rest(stream); !rest.isEmpty();) {
                const qsizetype size = whole ? rest.size() : std::min(rest.size(), 1 + mutator.below(90));
                parser.feed(rest.first(size));
                rest = rest.sliced(size);
                while (const auto event = parser.next())
                    seen += (event->kind == SseEvent::Kind::TooLong ? "!" : "") + event->type + '|' +
                            event->data + '|' + event->lastId + '|' + QByteArray::number(event->size);
                if (parser.pendingBytes() > 2 * most)
                    seen += "holds too much";
            }
            return seen;
        };
        const QByteArrayList whole = eventsOf(true);
        QVERIFY2(!whole.contains("holds too much"), qPrintable(u"seed %1"_s.arg(seed)));
        QVERIFY2(eventsOf(false) == whole, qPrintable(u"seed %1"_s.arg(seed)));
    }
}

QTEST_APPLESS_MAIN(TestModelMutations)
#include "tst_model_mutations.moc"
