#include "ui/dialogs/keys_page.h"

#include "core/viewmodel/describe.h"
#include "core/viewmodel/describe_keys.h"
#include "core/viewmodel/secret_list_model.h"
#include "ui/dialogs/key_store_form.h"
#include "ui/theme/metrics.h"
#include "ui/widgets/list_view.h"
#include "ui/widgets/wrapped_label.h"

#include <QLineEdit>
#include <QPushButton>
#include <QVBoxLayout>

using namespace Qt::StringLiterals;

namespace muster {
namespace {

RowLook lookOfKey(const api::SecretInfo &key)
{
    const bool isThere = key.isKept || key.inEnvironment;
    const bool isWaitedFor = key.isKept && !key.isAtHand; // for the person
    return {.sign = isWaitedFor ? StatusLook{u"key"_s, &ThemeColors::waiting}
                    : isThere   ? StatusLook{u"check"_s, &ThemeColors::completed}
                                : StatusLook{u"minus"_s, &ThemeColors::neutral},
            .title = key.name,
            .trailing = describePlace(key),
            .subtitle = KeysPage::tr("signs in %1").arg(key.runtimes.join(u", "_s)),
            .quiet = !isThere};
}

QString keepIn(const QString &store)
{
    if (store == "ask"_L1)
        return KeysPage::tr("&Keep until the node ends");
    return store == "file"_L1 ? KeysPage::tr("&Keep in the file") : KeysPage::tr("&Keep in the keychain");
}

} // namespace

KeysPage::KeysPage(NodeFeed *feed, QWidget *parent)
    : QWidget(parent)
    , m_model(new SecretListModel(feed, this))
    , m_label(new QLabel(this))
    , m_value(new QLineEdit(this))
    , m_keep(new QPushButton(this))
    , m_remove(new QPushButton(tr("Re&move"), this))
    , m_done(wrappedLabel(u"muted"_s, this))
    , m_problem(wrappedLabel(u"error"_s, this))
    , m_about(wrappedLabel(u"muted"_s, this))
{
    m_list = new ListView(tr("Keys"), [this](const QModelIndex &index) {
        return lookOfKey(*m_model->rowAt(index.row()));
    }, true, this);
    m_list->setModel(m_model);
    m_value->setEchoMode(QLineEdit::Password);
    m_value->setPlaceholderText(tr("Type or paste the key; it is not shown"));
    m_keep->setToolTip(tr("Agents that need it get it from their next start on"));
    m_remove->setProperty("role", u"danger"_s);
    m_remove->setToolTip(tr("Takes the chosen key out of where it is kept"));
    m_label->setBuddy(m_value);
    layOut();
    listen();
    showStore();
    showChosen();
}

void KeysPage::layOut()
{
    auto *entry = new QHBoxLayout;
    entry->addWidget(m_label);
    entry->addWidget(m_value, 1);
    entry->addWidget(m_keep);
    entry->addWidget(m_remove);
    m_about->show();
    auto *column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(metrics::units(3));
    column->addWidget(new KeyStoreForm(m_model, this));
    column->addWidget(m_list, 1);
    column->addLayout(entry);
    column->addWidget(m_done);
    column->addWidget(m_problem);
    column->addWidget(m_about);
}

void KeysPage::listen()
{
    connect(m_list, &ListView::currentMoved, this, &KeysPage::showChosen);
    connect(m_value, &QLineEdit::textChanged, this, &KeysPage::showChosen);
    connect(m_value, &QLineEdit::returnPressed, this, &KeysPage::keep);
    connect(m_keep, &QPushButton::clicked, this, &KeysPage::keep);
    connect(m_remove, &QPushButton::clicked, this, &KeysPage::remove);
    connect(m_model, &SecretListModel::loaded, this, &KeysPage::onLoaded);
    connect(m_model, &SecretListModel::failed, this, [this](const Error &error) {
        m_notLoaded = true;
        showProblem(describe(error));
    });
    connect(m_model, &SecretListModel::refused, this,
            [this](const Error &error) { showProblem(describe(error)); });
    connect(m_model, &SecretListModel::kept, this, [this](const QString &name, const QString &place) {
        m_value->clear();
        showDone(describeKept(name, place));
    });
    connect(m_model, &SecretListModel::storeChanged, this, &KeysPage::showStore);
    connect(m_model, &SecretListModel::unlocked, this,
            [this](const QString &file) { showDone(tr("%1 is open until the node ends.").arg(file)); });
    connect(m_model, &SecretListModel::removed, this,
            [this](const QString &name) { showDone(tr("%1 is kept no more.").arg(name)); });
}

void KeysPage::onLoaded()
{
    if (std::exchange(m_notLoaded, false))
        showProblem({});
    if (!m_list->currentIndex().isValid() && m_model->rowCount() > 0)
        m_list->setCurrentIndex(m_model->index(0));
    showChosen();
}

void KeysPage::showStore()
{
    const QString store = m_model->store().store;
    m_keep->setText(keepIn(store));
    m_about->setText(tr("%1 An agent gets only those of its own runtime; one that is kept wins over the "
                        "environment.")
                         .arg(describeKeyStoreMeaning(store)));
}

QString KeysPage::chosen() const
{
    const api::SecretInfo *key = m_model->rowAt(m_list->currentIndex().row());
    return key ? key->name : QString();
}

// What was typed for one key is never kept as another.
void KeysPage::showChosen()
{
    const QString name = chosen();
    if (std::exchange(m_shown, name) != name) {
        m_value->clear();
        showDone({});
    }
    const api::SecretInfo *key = m_model->rowAt(m_list->currentIndex().row());
    m_label->setText(name);
    m_value->setAccessibleName(tr("Value of %1").arg(name));
    m_value->setEnabled(key != nullptr);
    m_keep->setEnabled(key && !m_value->text().isEmpty());
    m_remove->setEnabled(key && key->isKept);
}

void KeysPage::showProblem(const QString &text)
{
    m_done->hide();
    showText(m_problem, text);
}

void KeysPage::showDone(const QString &text)
{
    m_problem->hide();
    showText(m_done, text);
}

void KeysPage::keep()
{
    if (m_keep->isEnabled())
        m_model->keep(chosen(), m_value->text().trimmed());
}

void KeysPage::remove() { m_model->remove(chosen()); }

} // namespace muster
