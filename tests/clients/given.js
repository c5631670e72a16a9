// What a test gives a client's script: where the doors are, the source's key, and the journey (journey.py says it).
export const { address, key, journey } = JSON.parse(process.argv[2]);
