/* The two offers, as constant tables. */
#include "agent.h"

#define COLUMN(column, flag)             \
  {.size = CADRE_END_cadre_column_flags, \
   .dtype = CADRE_UTF8,                  \
   .name = NB_STR(column),               \
   .flags = (flag)}
#define PORT(kind_, name_, about_, ...) \
  {.size = CADRE_END_cadre_port_device, \
   .kind = (kind_),                     \
   .name = NB_STR(name_),               \
   .about = NB_STR(about_),             \
   __VA_ARGS__}
#define DIM(name) {.symbol = NB_STR(name), .min = 0, .max = -1, .estimate = -1}

static const cadre_column text = COLUMN("text", CADRE_COLUMN_NULLABLE);
static const cadre_column label = COLUMN("label", CADRE_COLUMN_NULLABLE);
static const cadre_column *const labelled[] = {&text, &label};
static const cadre_column *const unlabelled[] = {&text};
static const cadre_dim logp_dims[] = {DIM("rows"), DIM("classes")};

static const cadre_port data =
    PORT(CADRE_KIND_DATASET, "data", "what it learns from", .columns = labelled, .column_count = 2);
static const cadre_port val =
    PORT(CADRE_KIND_DATASET, "val", "what the temperature is fitted on",
         .flags = CADRE_PORT_OPTIONAL, .columns = labelled, .column_count = 2);
static const cadre_port tuned =
    PORT(CADRE_KIND_SETTINGS, "settings", "a tuner's settings; they win over the award's",
         .flags = CADRE_PORT_OPTIONAL);
static const cadre_port made = PORT(CADRE_KIND_MODEL, "model", "",
                                    .task = NB_STR("text.classify/1"), .format = NB_STR(NB_FORMAT));
static const cadre_port rows =
    PORT(CADRE_KIND_TABLE, "rows", "texts to classify", .columns = unlabelled, .column_count = 1);
static const cadre_port used = PORT(CADRE_KIND_MODEL, "model", "", .flags = CADRE_PORT_BOUND,
                                    .task = NB_STR("text.classify/1"), .format = NB_STR(NB_FORMAT));
static const cadre_port logp =
    PORT(CADRE_KIND_TENSOR, "logp", "log-probabilities of the model's labels",
         .dtypes = 1u << CADRE_F32, .dims = logp_dims, .dim_count = 2);
static const cadre_port z = PORT(CADRE_KIND_TENSOR, "z", "scores of the classes, an n-gram",
                                 .dtypes = 1u << CADRE_F32, .dims = logp_dims, .dim_count = 2);

static const cadre_str feature_choices[] = {NB_STR("1024"),  NB_STR("4096"),   NB_STR("16384"),
                                            NB_STR("65536"), NB_STR("131072"), NB_STR("262144")};
static const cadre_str character_choices[] = {NB_STR("0"), NB_STR("3"), NB_STR("4"), NB_STR("5"),
                                              NB_STR("6")};

#define SETTING(name_, type, initial_, about_, ...) \
  {.size = CADRE_END_cadre_setting_choice_count,    \
   .dtype = (type),                                 \
   .name = NB_STR(name_),                           \
   .about = NB_STR(about_),                         \
   .initial = NB_STR(initial_),                     \
   __VA_ARGS__}
#define NO_RANGE .min = 1, .max = 0

static const cadre_setting alpha =
    SETTING("alpha", CADRE_F64, "0.03", "smoothing: added to every count",
            .flags = CADRE_SETTING_TUNABLE | CADRE_SETTING_LOG, .min = 1e-3, .max = 10);
static const cadre_setting ngrams = SETTING("ngrams", CADRE_I64, "2", "longest sequence of words",
                                            .flags = CADRE_SETTING_TUNABLE, .min = 1, .max = 2);
static const cadre_setting characters = SETTING(
    "characters", CADRE_I64, "4", "longest sequence of characters in a word, from 3; 0: none",
    .flags = CADRE_SETTING_TUNABLE, NO_RANGE, .choices = character_choices, .choice_count = 5);
static const cadre_setting features =
    SETTING("features", CADRE_I64, "65536", "places of the hash, a power of two", NO_RANGE,
            .choices = feature_choices, .choice_count = 6);
static const cadre_setting complement = SETTING(
    "complement", CADRE_BOOL, "false", "learn each class from all others (Rennie et al. 2003)",
    .flags = CADRE_SETTING_TUNABLE, NO_RANGE);

static const cadre_port *const train_inputs[] = {&data, &val, &tuned};
static const cadre_port *const train_outputs[] = {&made};
static const cadre_setting *const train_settings[] = {&alpha, &ngrams, &characters, &features,
                                                      &complement};
static const cadre_str train_attributes[] = {NB_STR("for"), NB_STR("text.classify/1")};
static const cadre_port *const classify_inputs[] = {&rows, &used};
static const cadre_port *const classify_outputs[] = {&logp, &z};

static const cadre_offer train = {
    .size = CADRE_END_cadre_offer_floor_memory,
    .flags = CADRE_OFFER_IDEMPOTENT | CADRE_OFFER_DETERMINISTIC,
    .task = NB_STR("model.train/1"),
    .about = NB_STR("Counts hashed n-grams a class; one pass over the rows"),
    .inputs = train_inputs,
    .input_count = 3,
    .outputs = train_outputs,
    .output_count = 1,
    .settings = train_settings,
    .setting_count = 5,
    .attributes = train_attributes,
    .attribute_count = 1,
    .max_jobs = 4,
    .floor_threads = 1,
};

static const cadre_offer classify = {
    .size = CADRE_END_cadre_offer_floor_memory,
    .flags = CADRE_OFFER_IDEMPOTENT | CADRE_OFFER_DETERMINISTIC,
    .task = NB_STR("text.classify/1"),
    .about = NB_STR("Adds up the weights of a text's n-grams"),
    .inputs = classify_inputs,
    .input_count = 2,
    .outputs = classify_outputs,
    .output_count = 2,
    .max_jobs = 16,
    .floor_threads = 1,
};

const cadre_offer *const nb_offers[NB_OFFER_COUNT] = {&train, &classify};
