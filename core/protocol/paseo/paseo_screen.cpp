#include "core/protocol/paseo/paseo_screen.h"

#include <QRegularExpression>

#include <algorithm>
#include <array>

namespace muster {

using namespace Qt::StringLiterals;

namespace {

constexpr QLatin1StringView personMark("[User] ");
constexpr QLatin1StringView thoughtMark("[Reasoning] ");
constexpr QLatin1StringView toolMark("[Tool: ");
constexpr QLatin1StringView permissionMark("[Permission Required] ");
constexpr QLatin1StringView detailMark("  "); // of a permission
constexpr std::array marks{personMark,
                           thoughtMark,
                           toolMark,
                           permissionMark,
                           QLatin1StringView("[Todo] "),
                           QLatin1StringView("[Permission "),
                           QLatin1StringView("[Attention Required: ")};

bool begins(QLatin1StringView mark, const QString &line)
{
    return line.size() < mark.size() ? mark.startsWith(line) : line.startsWith(mark);
}

// How many of the bytes come before a character of which some are missing. Qt's decoder that remembers them
// loses what follows if they turn out to be no character.
qsizetype wholeCharacters(const QByteArray &bytes)
{
    constexpr qsizetype longest = 4;
    const qsizetype size = bytes.size();
    for (qsizetype back = 1; back < longest && back <= size; ++back) {
        const auto byte = static_cast<unsigned char>(bytes.at(size - back));
        if (byte < 0x80)
            return size;
        if (byte >= 0xc0) {
            const qsizetype needed = byte >= 0xf0 ? 4 : byte >= 0xe0 ? 3 : 2;
            return back < needed ? size - back : size;
        }
    }
    return size;
}

} // namespace

PaseoScreen::PaseoScreen(const QString &prompt, int earlier, Sink sink)
    : m_prompt(prompt.trimmed().split(u'\n'))
    , m_earlier(earlier)
    , m_sink(std::move(sink))
{
    for (QString &line : m_prompt)
        line = line.left(maxMark).trimmed();
}

void PaseoScreen::feed(QByteArrayView bytes)
{
    m_bytes += bytes;
    const qsizetype whole = wholeCharacters(m_bytes);
    takeText(QString::fromUtf8(m_bytes.first(whole)));
    m_bytes.remove(0, whole);
}

void PaseoScreen::takeText(const QString &text)
{
    qsizetype at = 0;
    while (at < text.size()) {
        const qsizetype newline = text.indexOf(u'\n', at);
        const qsizetype end = newline < 0 ? text.size() : newline;
        takePiece(QStringView(text).sliced(at, end - at));
        if (newline >= 0)
            endLine();
        at = end + 1;
    }
}

void PaseoScreen::end()
{
    takeText(QString::fromUtf8(std::exchange(m_bytes, {})));
    if (!m_line.isEmpty() && m_expected.isEmpty() && !takeMark(m_line))
        plain(m_line);
    m_line.clear();
}

void PaseoScreen::takePiece(QStringView piece)
{
    if (m_isText)
        return plain(piece);
    m_line += piece.left(maxMark - m_line.size());
    if (!mayBeMark()) {
        m_isText = true;
        plain(std::exchange(m_line, {}));
    }
}

void PaseoScreen::endLine()
{
    if (std::exchange(m_isText, false))
        ++m_newlines;
    else
        takeLine(std::exchange(m_line, {}));
}

bool PaseoScreen::mayBeMark() const
{
    if (!m_expected.isEmpty() || m_line.isEmpty())
        return true;
    if (m_inPermission && begins(detailMark, m_line))
        return true;
    return std::ranges::any_of(marks, [this](QLatin1StringView mark) { return begins(mark, m_line); });
}

void PaseoScreen::takeLine(const QString &line)
{
    if (!m_expected.isEmpty()) {
        if (m_expected.takeFirst() == line.trimmed())
            return;
        m_expected.clear(); // the hub shows it in another way
    }
    if (line.isEmpty()) {
        ++m_newlines;
    } else if (!takeMark(line)) {
        plain(line);
        ++m_newlines;
    }
}

bool PaseoScreen::takeMark(const QString &line)
{
    static const QRegularExpression tool(u"^\\[Tool: (.+)\\] (\\S+)\\s*$"_s);
    const auto isA = [&](QLatin1StringView mark) {
        return line.startsWith(mark);
    };
    if (m_inPermission && isA(detailMark))
        return true;
    m_inPermission = false;
    if (std::ranges::none_of(marks, isA))
        return false;
    const QRegularExpressionMatch call = tool.match(line);
    if (isA(toolMark) && !call.hasMatch())
        return false;
    m_newlines = 0;
    m_hasText = false;
    if (isA(personMark))
        personSaid(line.sliced(personMark.size()));
    else if (isA(thoughtMark))
        tell(PaseoThought{line.sliced(thoughtMark.size())});
    else if (isA(toolMark))
        tell(PaseoTool{.name = call.captured(1), .status = call.captured(2)});
    else
        tell(PaseoNotice{line});
    m_inPermission = isA(permissionMark);
    return true;
}

void PaseoScreen::personSaid(const QString &text)
{
    if (text.trimmed() != m_prompt.front())
        return tell(PaseoNotice{personMark + text});
    ++m_seen;
    m_inTurn = m_inTurn || m_seen > m_earlier;
    m_expected = m_prompt.sliced(1);
}

// Line ends are told with the text after them, because those before a mark belong to the mark.
void PaseoScreen::plain(QStringView text)
{
    if (text.isEmpty())
        return;
    const qsizetype newlines = std::exchange(m_newlines, 0);
    const bool goesOn = std::exchange(m_hasText, true);
    m_inPermission = false;
    tell(PaseoText{QString(goesOn ? newlines : 0, u'\n') + text});
}

void PaseoScreen::tell(const PaseoEvent &event)
{
    if (m_inTurn)
        m_sink(event);
}

} // namespace muster
