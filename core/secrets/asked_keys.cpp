#include "core/secrets/asked_keys.h"

#include <QMutexLocker>

#include <algorithm>

namespace muster {

using namespace Qt::StringLiterals;

namespace {

QFuture<Result<QString>> answer(Result<QString> result)
{
    return QtFuture::makeReadyValueFuture(std::move(result));
}

Result<QString> missing(const QString &name) { return fail(ErrorCode::NotFound, name, u"key_asked"_s); }

} // namespace

bool AskedKeys::has(const QString &name) const
{
    const QMutexLocker locked(&m_lock);
    return m_values.contains(name);
}

QFuture<Result<QString>> AskedKeys::read(const QString &name)
{
    const QMutexLocker locked(&m_lock);
    const auto found = m_values.find(name);
    if (found == m_values.end())
        return answer(missing(name));
    const LockedBytes &value = found->second;
    return answer(QString::fromUtf8(reinterpret_cast<const char *>(value.data()),
                                    static_cast<qsizetype>(value.size())));
}

QFuture<Result<QString>> AskedKeys::write(const QString &name, const QString &value)
{
    QByteArray bytes = value.toUtf8();
    LockedBytes kept(static_cast<std::size_t>(bytes.size()));
    if (kept.data())
        std::ranges::copy(bytes, kept.data());
    wipe(bytes);
    if (!kept.data())
        return answer(fail(ErrorCode::TooLarge, name, u"key_asked"_s));
    const QMutexLocker locked(&m_lock);
    m_values.insert_or_assign(name, std::move(kept));
    return answer(name);
}

QFuture<Result<QString>> AskedKeys::remove(const QString &name)
{
    const QMutexLocker locked(&m_lock);
    return answer(m_values.erase(name) > 0 ? Result<QString>(name) : missing(name));
}

} // namespace muster
