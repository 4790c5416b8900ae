#include "core/base/redactor.h"

#include <QJsonArray>
#include <QJsonDocument>
#include <QRegularExpression>
#include <QUrl>

namespace muster {

using namespace Qt::StringLiterals;

namespace {

QString mask() { return u"[redacted]"_s; }

// The secret as it looks inside other texts.
QStringList formsOf(const QString &secret)
{
    const QByteArray utf8 = secret.toUtf8();
    const QByteArray json = QJsonDocument(QJsonArray{secret}).toJson(QJsonDocument::Compact);
    QStringList forms{secret, QString::fromUtf8(json.sliced(2, json.size() - 4)),
                      QString::fromLatin1(QUrl::toPercentEncoding(secret))};
    // base64 groups three bytes: the secret within a longer text may begin at any of them. Its first and last
    // characters also depend on what stands beside it, so these are left off.
    for (int shift = 0; shift < 3; ++shift) {
        const QByteArray padded = QByteArray(shift, '\0') + utf8;
        const qsizetype skip = shift == 0 ? 0 : shift + 1;
        const qsizetype whole = padded.size() * 8 / 6; // characters that nothing else decides
        for (const auto alphabet : {QByteArray::Base64Encoding, QByteArray::Base64UrlEncoding}) {
            const QByteArray encoded = padded.toBase64(alphabet | QByteArray::OmitTrailingEquals);
            if (whole - skip >= 8)
                forms += QString::fromLatin1(encoded.sliced(skip, whole - skip));
            if (shift == 0)
                forms += QString::fromLatin1(encoded);
        }
    }
    forms.removeDuplicates();
    return forms;
}

// Shapes that their issuers publish, so that leaks can be found. What group 1 holds is kept: it says which
// kind of secret stood there.
const QList<QRegularExpression> &shapes()
{
    static const auto &patterns = *new QList<QRegularExpression>([] { // never destroyed, as the redactor
        const QStringList texts{
            u"(\\bsk-(?:ant-|or-v1-|proj-|svcacct-)?)[A-Za-z0-9_-]{16,}"_s, // Anthropic, OpenAI, OpenRouter
            u"(\\bgh[pousr]_|\\bgithub_pat_)[A-Za-z0-9_]{20,}"_s,           // GitHub
            u"(\\bglpat-)[A-Za-z0-9_-]{16,}"_s,                             // GitLab
            u"(\\bAIza|\\bya29\\.|\\bGOCSPX-)[A-Za-z0-9_-]{16,}"_s, // Google: key, access token, client
                                                                    // secret
            u"(\\b(?:AKIA|ASIA))[A-Z0-9]{16}\\b"_s,                 // Amazon
            u"(\\bxox[abeprs]-|\\bxapp-)[A-Za-z0-9-]{10,}"_s,       // Slack
            // Hugging Face, Groq, xAI, Perplexity, Replicate, npm
            u"(\\bhf_|\\bgsk_|\\bxai-|\\bpplx-|\\br8_|\\bnpm_)[A-Za-z0-9]{20,}"_s,
            u"(\\bpypi-)[A-Za-z0-9_-]{16,}"_s,                                   // PyPI
            u"(\\b[sr]k_(?:live|test)_)[A-Za-z0-9]{16,}"_s,                      // Stripe
            u"(\\bSG\\.)[A-Za-z0-9_-]{16,}\\.[A-Za-z0-9_-]{16,}"_s,              // SendGrid
            u"(\\bdop_v1_)[a-f0-9]{32,}"_s,                                      // DigitalOcean
            u"(\\beyJ)[A-Za-z0-9_-]{8,}\\.[A-Za-z0-9_-]{8,}\\.[A-Za-z0-9_-]*"_s, // JSON Web Token
            // A private key, also when its end is missing
            u"(-----BEGIN [A-Z ]*PRIVATE KEY-----)[\\s\\S]*?(?:-----END [A-Z ]*PRIVATE KEY-----|$(?![\\s\\S]))"_s,
            u"(\\b[a-z][a-z0-9+.-]*://[^\\s/:@]*:)[^\\s/@]+(?=@)"_s,          // user:password@ in an address
            u"((?i:\\b(?:bearer|basic|token)\\s+))[A-Za-z0-9._~+/=-]{16,}"_s, // Authorization: Bearer …
            // SOME_API_KEY=…, "password": "…", --client-secret=…
            u"((?i:(?:api[_-]?key|secret|passwd|password|(?:auth|access|refresh)[_-]?token|private[_-]?key)"
            "[A-Za-z0-9_-]*\\\\?[\"']?\\s*[:=]\\s*\\\\?[\"']?))(?!\\[redacted\\])[^\\s\"'\\\\,;&]{6,}"_s,
        };
        QList<QRegularExpression> compiled;
        for (const QString &text : texts)
            compiled += QRegularExpression(text);
        return compiled;
    }());
    return patterns;
}

} // namespace

Redactor &Redactor::global()
{
    static Redactor &redactor = *new Redactor; // never destroyed: the log needs it until the very end
    return redactor;
}

void Redactor::addSecret(const QString &secret)
{
    if (secret.size() < shortestSecret)
        return;
    const QWriteLocker lock(&m_lock);
    if (m_secrets.contains(secret))
        return;
    m_secrets += secret;
    rebuild();
}

void Redactor::removeSecret(const QString &secret)
{
    const QWriteLocker lock(&m_lock);
    if (m_secrets.removeOne(secret))
        rebuild();
}

void Redactor::rebuild()
{
    m_forms.clear();
    m_begins.fill(false);
    for (const QString &secret : std::as_const(m_secrets))
        m_forms += formsOf(secret);
    // A secret that is part of another one must not leave the rest of that behind.
    std::ranges::stable_sort(m_forms, std::ranges::greater(), &QString::size);
    for (const QString &form : std::as_const(m_forms))
        m_begins.at(form.front().unicode() & 0xFFU) = true;
    m_any = !m_secrets.isEmpty();
}

// How much of the text's beginning is a secret.
qsizetype Redactor::lengthAt(QStringView text) const
{
    if (!m_begins.at(text.front().unicode() & 0xFFU))
        return 0;
    const auto found =
        std::ranges::find_if(m_forms, [text](const QString &form) { return text.startsWith(form); });
    return found == m_forms.cend() ? 0 : found->size();
}

// The whole text is the beginning of a longer secret.
bool Redactor::mayGoOn(QStringView text) const
{
    return m_begins.at(text.front().unicode() & 0xFFU) &&
           std::ranges::any_of(m_forms, [text](const QString &form) {
        return form.size() > text.size() && form.startsWith(text);
    });
}

// Secrets that overlap are one stretch.
Redactor::Covered Redactor::nextCovered(QStringView text, qsizetype from) const
{
    Covered covered{.begin = text.size(), .end = text.size()};
    qsizetype end = 0;
    for (qsizetype i = from; i < text.size(); ++i) {
        if (end > 0 && i >= end)
            break;
        const qsizetype length = lengthAt(text.sliced(i));
        if (length == 0)
            continue;
        covered.begin = std::min(covered.begin, i);
        end = std::max(end, i + length);
        covered.end = end;
    }
    return covered;
}

// Where the part begins that a text that follows may make a secret.
qsizetype Redactor::openEnd(QStringView text) const
{
    const qsizetype longest = m_forms.isEmpty() ? 0 : m_forms.front().size();
    qsizetype open = text.size();
    for (qsizetype i = std::max<qsizetype>(0, text.size() - longest); i < text.size(); ++i) {
        if (mayGoOn(text.sliced(i))) {
            open = i;
            break;
        }
    }
    // Not within a secret: what is left of it would not be known again. But what is held back stays short,
    // also where a secret follows on itself ("aaaaaaaa").
    for (qsizetype from = 0; from < open;) {
        const Covered covered = nextCovered(text, from);
        if (covered.begin < open && covered.end > open)
            return text.size() - covered.begin <= 4 * longest ? covered.begin : open;
        from = covered.end;
    }
    return open;
}

QString Redactor::masked(const QString &text) const
{
    if (nextCovered(text, 0).begin == text.size())
        return text; // as it is: an empty one stays empty and not null
    QString out;
    qsizetype from = 0;
    while (from < text.size()) {
        const Covered covered = nextCovered(text, from);
        out += QStringView(text).sliced(from, covered.begin - from);
        if (covered.begin < text.size())
            out += mask();
        from = covered.end;
    }
    return out;
}

QString Redactor::redactKnown(const QString &text) const
{
    if (!m_any)
        return text;
    const QReadLocker lock(&m_lock);
    return masked(text);
}

QJsonObject Redactor::redactKnown(const QJsonObject &json) const
{
    if (!m_any)
        return json;
    const QString text = QString::fromUtf8(QJsonDocument(json).toJson(QJsonDocument::Compact));
    const QString told = redactKnown(text);
    return told == text ? json : QJsonDocument::fromJson(told.toUtf8()).object();
}

QString Redactor::redactSoFar(QString &pending) const
{
    if (!m_any)
        return std::exchange(pending, {});
    const QReadLocker lock(&m_lock);
    const qsizetype open = openEnd(pending);
    const QString told = masked(pending.first(open));
    pending = pending.sliced(open);
    return told;
}

QString Redactor::redact(const QString &text) const
{
    QString out = redactKnown(text);
    const QString kept = u"\\1"_s + mask();
    for (const QRegularExpression &shape : shapes())
        out.replace(shape, kept);
    return out;
}

} // namespace muster
