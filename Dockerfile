# One image for the service and for the ingestion job.
FROM python:3.11-slim

# The packages first: they change seldom and weigh much.
WORKDIR /build
COPY pyproject.toml ./
RUN python -c "import tomllib; print(*tomllib.load(open('pyproject.toml', 'rb'))['project']['dependencies'], sep='\n')" \
        > requirements.txt \
    && pip install --no-cache-dir -r requirements.txt

COPY README.md LICENSE ./
COPY src src
COPY ingest ingest
RUN pip install --no-cache-dir --no-deps . && rm -rf /build

# Scanned pages are read where Tesseract is.
RUN apt-get update && apt-get install -y --no-install-recommends tesseract-ocr tesseract-ocr-nor \
    && rm -rf /var/lib/apt/lists/*

# A volume made from the image's /data belongs to the user it is given here.
RUN useradd --create-home --uid 1000 assistant && install -d -o assistant -g assistant /data /corpus
USER assistant
WORKDIR /home/assistant

# No model is ever fetched, nothing is reported.
ENV ASSISTANT_CORPUS_DIR=/corpus \
    ASSISTANT_DATA_DIR=/data \
    HF_HUB_OFFLINE=1 \
    TRANSFORMERS_OFFLINE=1 \
    HF_HUB_DISABLE_TELEMETRY=1 \
    ANONYMIZED_TELEMETRY=False \
    PYTHONUNBUFFERED=1

VOLUME /data
EXPOSE 8000
CMD ["assistant", "serve"]
